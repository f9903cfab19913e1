import type { Rule } from "../core/rule";
import add from "./dockerfile/add";
import addRemote from "./dockerfile/add-remote";
import dockerfileHealthCheck from "./dockerfile/health-check";
import pipedScript from "./dockerfile/piped-script";
import dockerfileSecrets from "./dockerfile/secrets";
import setuid from "./dockerfile/setuid";
import dockerfileSsh from "./dockerfile/ssh";
import sudo from "./dockerfile/sudo";
import unverified from "./dockerfile/unverified";
import updateAlone from "./dockerfile/update-alone";
import dockerfileUser from "./dockerfile/user";
import digest from "./images/digest";
import latest from "./images/latest";
import registry from "./images/registry";
import healthCheck from "./lifecycle/health-check";
import logRotation from "./lifecycle/log-rotation";
import restart from "./lifecycle/restart";
import devices from "./mounts/devices";
import engineSocket from "./mounts/engine-socket";
import hostDirectories from "./mounts/host-directories";
import propagation from "./mounts/propagation";
import cgroup from "./namespaces/cgroup";
import defaultBridge from "./namespaces/default-bridge";
import hostIpc from "./namespaces/host-ipc";
import hostNetwork from "./namespaces/host-network";
import hostPid from "./namespaces/host-pid";
import hostUsers from "./namespaces/host-users";
import hostUts from "./namespaces/host-uts";
import bindAddress from "./ports/bind-address";
import privilegedPorts from "./ports/privileged-ports";
import ssh from "./ports/ssh";
import apparmor from "./privileges/apparmor";
import capabilitiesAdded from "./privileges/capabilities-added";
import capabilitiesDropped from "./privileges/capabilities-dropped";
import noNewPrivileges from "./privileges/no-new-privileges";
import privileged from "./privileges/privileged";
import rootUser from "./privileges/root-user";
import seccomp from "./privileges/seccomp";
import selinux from "./privileges/selinux";
import systemPaths from "./privileges/system-paths";
import cpu from "./resources/cpu";
import memory from "./resources/memory";
import pids from "./resources/pids";
import readOnlyRoot from "./resources/read-only-root";
import ulimits from "./resources/ulimits";
import secretBuildArgument from "./secrets/build-arguments";
import secretCommand from "./secrets/command";
import secretEnvironment from "./secrets/environment";
import secretLabel from "./secrets/labels";

export const dockerRules: readonly Rule[] = [
    ...[privileged, capabilitiesDropped, capabilitiesAdded, noNewPrivileges, seccomp, apparmor, selinux, rootUser],
    ...[systemPaths],
    ...[hostNetwork, hostPid, hostIpc, hostUts, hostUsers, defaultBridge, cgroup],
    ...[engineSocket, hostDirectories, propagation, devices],
    ...[privilegedPorts, bindAddress, ssh],
    ...[memory, cpu, ulimits, readOnlyRoot, pids],
    ...[restart, healthCheck, logRotation],
    ...[latest, digest, registry],
    ...[secretEnvironment, secretCommand, secretLabel, secretBuildArgument],
    ...[dockerfileUser, dockerfileHealthCheck, add, addRemote, dockerfileSecrets, updateAlone],
    ...[pipedScript, unverified, setuid, sudo, dockerfileSsh],
];
