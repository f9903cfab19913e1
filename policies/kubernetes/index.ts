import type { Rule } from "../core/rule";
import hostNamespaces from "./pod-security/host-namespaces";
import privileged from "./pod-security/privileged";
import runAsNonRoot from "./pod-security/run-as-non-root";

export const kubernetesRules: readonly Rule[] = [privileged, hostNamespaces, runAsNonRoot];
