/** Certificates and kubeconfigs, made with openssl once and kept: the addresses in them do not change. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { API, NETWORK, NODE, PATHS } from "./layout";
import { run } from "./shell";

const DAYS = "3650";

/** One authority for each circle of trust: a client of the API must not be one of etcd. */
const AUTHORITIES = ["ca", "etcd-ca", "front-proxy-ca"] as const;

interface Certificate {
    name: string;
    authority: (typeof AUTHORITIES)[number];
    subject: string;
    /** Addresses and names of a server. */
    names?: string[];
    /** Writes a kubeconfig of this name that uses it. */
    kubeconfig?: string;
}

const CERTIFICATES: Certificate[] = [
    {
        name: "apiserver",
        authority: "ca",
        subject: "/CN=kube-apiserver",
        names: [
            `IP:${NETWORK.node}`,
            `IP:${NETWORK.kubernetes}`,
            "IP:127.0.0.1",
            "DNS:localhost",
            ...["", ".default", ".default.svc", `.default.svc.${NETWORK.domain}`].map((end) => `DNS:kubernetes${end}`),
        ],
    },
    { name: "kubelet", authority: "ca", subject: `/CN=${NODE}`, names: [`IP:${NETWORK.node}`, `DNS:${NODE}`] },
    { name: "etcd", authority: "etcd-ca", subject: "/CN=etcd", names: ["IP:127.0.0.1"] },
    { name: "apiserver-to-etcd", authority: "etcd-ca", subject: "/CN=kube-apiserver" },
    { name: "apiserver-to-kubelet", authority: "ca", subject: "/O=system:masters/CN=apiserver-to-kubelet" },
    { name: "front-proxy", authority: "front-proxy-ca", subject: "/CN=front-proxy" },
    client("admin", "/O=system:masters/CN=admin"),
    client("controller-manager", "/CN=system:kube-controller-manager"),
    client("scheduler", "/CN=system:kube-scheduler"),
    client("kube-proxy", "/CN=system:kube-proxy"),
    client("node", `/O=system:nodes/CN=system:node:${NODE}`),
];

function client(name: string, subject: string): Certificate {
    return { name, authority: "ca", subject, kubeconfig: name };
}

/** Path of a certificate. */
export function crt(name: string): string {
    return join(PATHS.certificates, `${name}.crt`);
}

/** Path of a private key. */
export function key(name: string): string {
    return join(PATHS.certificates, `${name}.key`);
}

/** Path of a kubeconfig. */
export function kubeconfig(name: string): string {
    return join(PATHS.kubeconfigs, `${name}.yaml`);
}

/** Makes all that is not there. */
export async function ensureCertificates(): Promise<void> {
    for (const directory of [PATHS.certificates, PATHS.kubeconfigs])
        mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const authority of AUTHORITIES) await makeAuthority(authority);
    for (const certificate of CERTIFICATES) {
        await makeCertificate(certificate);
        if (certificate.kubeconfig) writeKubeconfig(certificate.kubeconfig, certificate.name);
    }
    if (!existsSync(key("service-accounts"))) {
        await run("openssl", ["genrsa", "-out", key("service-accounts"), "2048"]);
    }
}

async function makeAuthority(name: string): Promise<void> {
    if (existsSync(crt(name))) return;
    await makeKey(name);
    const usage = ["-addext", "keyUsage=critical,digitalSignature,keyCertSign,cRLSign"];
    const args = ["-x509", "-new", "-key", key(name), "-subj", `/CN=${name}`, "-days", DAYS, ...usage];
    await write(crt(name), (draft) => run("openssl", ["req", ...args, "-out", draft]));
}

async function makeCertificate({ name, authority, subject, names }: Certificate): Promise<void> {
    if (existsSync(crt(name))) return;
    await makeKey(name);
    const request = join(PATHS.certificates, `${name}.csr`);
    const extensions = join(PATHS.certificates, `${name}.ext`);
    const lines = ["keyUsage=critical,digitalSignature", `extendedKeyUsage=clientAuth${names ? ",serverAuth" : ""}`];
    if (names) lines.push(`subjectAltName=${names.join(",")}`);
    writeFileSync(extensions, `${lines.join("\n")}\n`);
    await run("openssl", ["req", "-new", "-key", key(name), "-subj", subject, "-out", request]);
    const signer = ["-CA", crt(authority), "-CAkey", key(authority), "-CAcreateserial"];
    const args = ["-req", "-in", request, ...signer, "-days", DAYS, "-extfile", extensions];
    await write(crt(name), (draft) => run("openssl", ["x509", ...args, "-out", draft]));
    for (const file of [request, extensions]) rmSync(file);
}

async function makeKey(name: string): Promise<void> {
    await run("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key(name)]);
}

/** A file is there whole or not at all: what is there is taken for good. */
async function write(file: string, make: (draft: string) => Promise<unknown>): Promise<void> {
    await make(`${file}.draft`);
    renameSync(`${file}.draft`, file);
}

/** JSON, which is YAML. */
function writeKubeconfig(name: string, certificate: string): void {
    const content = {
        apiVersion: "v1",
        kind: "Config",
        "current-context": NODE,
        clusters: [{ name: NODE, cluster: { server: API, "certificate-authority": crt("ca") } }],
        users: [{ name, user: { "client-certificate": crt(certificate), "client-key": key(certificate) } }],
        contexts: [{ name: NODE, context: { cluster: NODE, user: name } }],
    };
    writeFileSync(kubeconfig(name), `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}
