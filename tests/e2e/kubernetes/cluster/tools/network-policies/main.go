// Enforces the cluster's NetworkPolicies on its one node.
//
// All pods are on one bridge, so all their traffic passes the node's hooks for what it forwards, and for what is meant for itself. Whatever
// changes, the whole table is written anew, in one transaction: it is small, and there is no state to go wrong. The node itself reaches every
// pod, as the API demands for probes; connections that are established go on when a policy changes.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// Changes come in bursts, such as all pods of a Deployment.
const settle = 50 * time.Millisecond

func main() {
	kubeconfig := flag.String("kubeconfig", "", "path of the kubeconfig to read pods, namespaces and policies with")
	table := flag.String("table", "groundwork-policies", "name of the nftables table, of family ip")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, *kubeconfig, *table); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, kubeconfig, table string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return fmt.Errorf("reading the kubeconfig: %w", err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods()
	namespaces := factory.Core().V1().Namespaces()
	policies := factory.Networking().V1().NetworkPolicies()

	changed := make(chan struct{}, 1)
	notify := func() {
		select {
		case changed <- struct{}{}:
		default: // One is due already.
		}
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { notify() },
		UpdateFunc: func(any, any) { notify() },
		DeleteFunc: func(any) { notify() },
	}
	for _, informer := range []cache.SharedIndexInformer{pods.Informer(), namespaces.Informer(), policies.Informer()} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())

	last := ""
	notify()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
		time.Sleep(settle)
		state, err := newState(pods.Lister(), namespaces.Lister(), policies.Lister())
		if err != nil {
			return err
		}
		rules, err := state.render(table)
		if err != nil {
			log.Print(err)
			continue
		}
		if rules == last {
			continue
		}
		if err := apply(ctx, rules); err != nil {
			// The table stays as it was. What comes next may be fit for it.
			log.Print(err)
			continue
		}
		last = rules
		log.Printf("%d policies on %d pods", len(state.policies), len(state.pods))
	}
}

func apply(ctx context.Context, rules string) error {
	command := exec.CommandContext(ctx, "nft", "-f", "-")
	command.Stdin = strings.NewReader(rules)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("nft refuses the rules: %w\n%s\n%s", err, output, rules)
	}
	return nil
}
