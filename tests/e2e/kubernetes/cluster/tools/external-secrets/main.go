// Fills in the templates of ExternalSecrets with the engine of External Secrets itself: reads {"templates": {}, "values": {}} and writes the texts.
package main

import (
	"encoding/json"
	"log"
	"os"

	esapi "github.com/external-secrets/external-secrets/apis/externalsecrets/v1"
	template "github.com/external-secrets/external-secrets/pkg/template/v2"
	corev1 "k8s.io/api/core/v1"
)

func main() {
	var given struct {
		Templates map[string]string `json:"templates"`
		Values    map[string]string `json:"values"`
	}
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		log.Fatal(err)
	}
	secret := &corev1.Secret{Data: map[string][]byte{}}
	if err := template.Execute(bytes(given.Templates), bytes(given.Values), esapi.TemplateScopeValues, esapi.TemplateTargetData, secret); err != nil {
		log.Fatal(err)
	}
	texts := map[string]string{}
	for key, text := range secret.Data {
		texts[key] = string(text)
	}
	if err := json.NewEncoder(os.Stdout).Encode(texts); err != nil {
		log.Fatal(err)
	}
}

func bytes(texts map[string]string) map[string][]byte {
	all := map[string][]byte{}
	for key, text := range texts {
		all[key] = []byte(text)
	}
	return all
}
