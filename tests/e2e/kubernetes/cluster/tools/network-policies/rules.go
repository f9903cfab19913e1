package main

import (
	"fmt"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	corelisters "k8s.io/client-go/listers/core/v1"
	networkinglisters "k8s.io/client-go/listers/networking/v1"
)

// What the rules are made of: pods that have an address of their own, in a fixed order, so that equal states make equal rules.
type state struct {
	pods       []*core.Pod
	namespaces map[string]labels.Set
	policies   []*networking.NetworkPolicy
}

func newState(pods corelisters.PodLister, namespaces corelisters.NamespaceLister, policies networkinglisters.NetworkPolicyLister) (*state, error) {
	allPods, err := pods.List(labels.Everything())
	if err != nil {
		return nil, err
	}
	allNamespaces, err := namespaces.List(labels.Everything())
	if err != nil {
		return nil, err
	}
	allPolicies, err := policies.List(labels.Everything())
	if err != nil {
		return nil, err
	}
	s := &state{namespaces: map[string]labels.Set{}, policies: slices.Clone(allPolicies)}
	for _, pod := range allPods {
		ended := pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed
		if pod.Status.PodIP != "" && !pod.Spec.HostNetwork && !ended {
			s.pods = append(s.pods, pod)
		}
	}
	for _, namespace := range allNamespaces {
		s.namespaces[namespace.Name] = namespace.Labels
	}
	slices.SortFunc(s.pods, func(a, b *core.Pod) int { return strings.Compare(a.Status.PodIP, b.Status.PodIP) })
	slices.SortFunc(s.policies, func(a, b *networking.NetworkPolicy) int {
		return strings.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name)
	})
	return s, nil
}

// A direction of traffic as a pod sees it.
type direction struct {
	kind networking.PolicyType
	// Side of the packet that is the pod, and the one that is its peer.
	own, peer string
}

var (
	ingress = direction{networking.PolicyTypeIngress, "daddr", "saddr"}
	egress  = direction{networking.PolicyTypeEgress, "saddr", "daddr"}
)

// The whole table: for each isolated pod and direction a chain that returns what is allowed and drops the rest.
func (s *state) render(table string) (string, error) {
	var chains strings.Builder
	jumps := map[networking.PolicyType][]string{}
	for _, pod := range s.pods {
		for _, d := range []direction{ingress, egress} {
			rules, isolated, err := s.rulesOf(pod, d)
			if err != nil {
				return "", err
			}
			if !isolated {
				continue
			}
			name := strings.ToLower(string(d.kind)) + "-" + strings.ReplaceAll(pod.Status.PodIP, ".", "-")
			fmt.Fprintf(&chains, "\tchain %s {\n\t\tcomment \"%s/%s\"\n", name, pod.Namespace, pod.Name)
			for _, rule := range rules {
				fmt.Fprintf(&chains, "\t\t%s\n", rule)
			}
			chains.WriteString("\t\tcounter drop\n\t}\n")
			jumps[d.kind] = append(jumps[d.kind], fmt.Sprintf("%s : jump %s", pod.Status.PodIP, name))
		}
	}
	base := func(hook string, directions ...direction) string {
		// Before the machine's own filters: they may accept what is dropped here, and their say is not ours to change.
		lines := []string{
			fmt.Sprintf("type filter hook %s priority filter - 5; policy accept;", hook),
			"ct state established,related accept",
		}
		for _, d := range directions {
			if len(jumps[d.kind]) > 0 {
				lines = append(lines, fmt.Sprintf("ip %s vmap { %s }", d.own, strings.Join(jumps[d.kind], ", ")))
			}
		}
		return fmt.Sprintf("\tchain %s {\n\t\t%s\n\t}\n", hook, strings.Join(lines, "\n\t\t"))
	}
	head := fmt.Sprintf("add table ip %[1]s\ndelete table ip %[1]s\ntable ip %[1]s {\n", table)
	return head + chains.String() + base("forward", egress, ingress) + base("input", egress) + "}\n", nil
}

// The rules of all policies that select the pod; not isolated when none does.
func (s *state) rulesOf(pod *core.Pod, d direction) (rules []string, isolated bool, err error) {
	for _, policy := range s.policies {
		if policy.Namespace != pod.Namespace || !applies(policy, d) {
			continue
		}
		selected, err := matches(&policy.Spec.PodSelector, labels.Set(pod.Labels))
		if err != nil {
			return nil, false, fmt.Errorf("policy %s/%s: %w", policy.Namespace, policy.Name, err)
		}
		if !selected {
			continue
		}
		isolated = true
		for _, rule := range rulesFor(policy, d) {
			lines, err := s.allow(pod, policy.Namespace, rule, d)
			if err != nil {
				return nil, false, fmt.Errorf("policy %s/%s: %w", policy.Namespace, policy.Name, err)
			}
			rules = append(rules, lines...)
		}
	}
	return rules, isolated, nil
}

func applies(policy *networking.NetworkPolicy, d direction) bool {
	// The API server fills in the types that a policy leaves out.
	return slices.Contains(policy.Spec.PolicyTypes, d.kind)
}

type rule struct {
	ports []networking.NetworkPolicyPort
	peers []networking.NetworkPolicyPeer
}

func rulesFor(policy *networking.NetworkPolicy, d direction) (rules []rule) {
	if d == ingress {
		for _, r := range policy.Spec.Ingress {
			rules = append(rules, rule{r.Ports, r.From})
		}
		return rules
	}
	for _, r := range policy.Spec.Egress {
		rules = append(rules, rule{r.Ports, r.To})
	}
	return rules
}

// One line for each pair of a peer and a port that are allowed together.
func (s *state) allow(pod *core.Pod, namespace string, r rule, d direction) (lines []string, err error) {
	// A peer as a match, and the pod that it is, if it is one: names of ports are those of the pod that listens.
	type target struct {
		match string
		pod   *core.Pod
	}
	targets := []target{}
	if len(r.peers) == 0 {
		targets = append(targets, target{})
		for _, other := range s.pods {
			if d == egress && hasNamedPort(r.ports) {
				targets = append(targets, target{fmt.Sprintf("ip daddr %s ", other.Status.PodIP), other})
			}
		}
	}
	for _, peer := range r.peers {
		if peer.IPBlock != nil {
			match := fmt.Sprintf("ip %s %s ", d.peer, peer.IPBlock.CIDR)
			if len(peer.IPBlock.Except) > 0 {
				match += fmt.Sprintf("ip %s != { %s } ", d.peer, strings.Join(peer.IPBlock.Except, ", "))
			}
			// The table is of family ip: what IPv6 would be allowed is not there to be dropped.
			if !strings.Contains(peer.IPBlock.CIDR, ":") {
				targets = append(targets, target{match: match})
			}
			continue
		}
		for _, other := range s.pods {
			is, err := s.isPeer(other, namespace, peer)
			if err != nil {
				return nil, err
			}
			if is {
				targets = append(targets, target{fmt.Sprintf("ip %s %s ", d.peer, other.Status.PodIP), other})
			}
		}
	}
	for _, t := range targets {
		listener := t.pod
		if d == ingress {
			listener = pod
		}
		if len(r.ports) == 0 {
			lines = append(lines, t.match+"return")
		}
		for _, port := range r.ports {
			if match := portMatch(port, listener); match != "" {
				lines = append(lines, t.match+match+" return")
			}
		}
	}
	return lines, nil
}

func (s *state) isPeer(pod *core.Pod, namespace string, peer networking.NetworkPolicyPeer) (bool, error) {
	if peer.NamespaceSelector == nil {
		if pod.Namespace != namespace {
			return false, nil
		}
	} else if is, err := matches(peer.NamespaceSelector, s.namespaces[pod.Namespace]); err != nil || !is {
		return false, err
	}
	if peer.PodSelector == nil {
		return true, nil
	}
	return matches(peer.PodSelector, labels.Set(pod.Labels))
}

func matches(selector *meta.LabelSelector, set labels.Set) (bool, error) {
	parsed, err := meta.LabelSelectorAsSelector(selector)
	if err != nil {
		return false, err
	}
	return parsed.Matches(set), nil
}

func hasNamedPort(ports []networking.NetworkPolicyPort) bool {
	return slices.ContainsFunc(ports, func(port networking.NetworkPolicyPort) bool {
		return port.Port != nil && port.Port.Type == intstr.String
	})
}

// What matches the port; empty when it has a name that the listener does not know, or there is no listener to ask.
func portMatch(port networking.NetworkPolicyPort, listener *core.Pod) string {
	protocol := core.ProtocolTCP
	if port.Protocol != nil {
		protocol = *port.Protocol
	}
	name := strings.ToLower(string(protocol))
	if port.Port == nil {
		return "meta l4proto " + name
	}
	if port.Port.Type == intstr.Int {
		if port.EndPort != nil {
			return fmt.Sprintf("%s dport %d-%d", name, port.Port.IntVal, *port.EndPort)
		}
		return fmt.Sprintf("%s dport %d", name, port.Port.IntVal)
	}
	if listener == nil {
		return ""
	}
	for _, container := range listener.Spec.Containers {
		for _, candidate := range container.Ports {
			if candidate.Name == port.Port.StrVal && (candidate.Protocol == protocol || candidate.Protocol == "") {
				return fmt.Sprintf("%s dport %d", name, candidate.ContainerPort)
			}
		}
	}
	return ""
}
