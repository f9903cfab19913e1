/** The building host's apt set-up, for builds that must reach the same mirrors in the same way. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { runProcess } from "../process";

const DEFAULT_MIRROR = "http://deb.debian.org/debian";
const DEFAULT_SECURITY_MIRROR = "http://deb.debian.org/debian-security";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

export interface AptSetup {
    /** Where debootstrap gets the packages. */
    mirror: string;
    securityMirror: string;
    /** apt.conf lines: the host's proxies, certificates and date checks. */
    conf: string;
    /** `http_proxy` and so on, which the Docker engine keeps out of an image's history. */
    proxies: Record<string, string>;
}

interface Source {
    uri: string;
    suites: string[];
}

/** Debian archives among the host's apt sources; other vendors' are of no use to an image. */
function readSources(etcApt: string): Source[] {
    const parts = join(etcApt, "sources.list.d");
    const names = existsSync(parts) ? readdirSync(parts).sort() : [];
    const lists = [
        join(etcApt, "sources.list"),
        ...names.filter((n) => n.endsWith(".list")).map((n) => join(parts, n)),
    ];
    const deb822 = names.filter((name) => name.endsWith(".sources")).map((name) => join(parts, name));
    return [
        ...lists.filter((path) => existsSync(path)).flatMap((path) => parseList(readFileSync(path, "utf8"))),
        ...deb822.flatMap((path) => parseDeb822(readFileSync(path, "utf8"))),
    ];
}

/** One-line format: `deb [options] uri suite component…`. */
export function parseList(text: string): Source[] {
    return text
        .split("\n")
        .map((line) => /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line.trim()))
        .filter((match) => match !== null)
        .map((match) => ({ uri: trimSlash(match[1]!), suites: [match[2]!] }));
}

/** deb822 format: stanzas of `Key: value`, separated by empty lines. */
export function parseDeb822(text: string): Source[] {
    const stanzas = text.replace(/^#.*\n/gm, "").split(/\n\s*\n/);
    return stanzas.flatMap((stanza) => {
        const field = (name: string) =>
            new RegExp(`^${name}:\\s*(.*(?:\\n[ \\t].*)*)`, "im").exec(stanza)?.[1]?.split(/\s+/).filter(Boolean) ?? [];
        if (!field("Types").includes("deb") || field("Enabled")[0] === "no") return [];
        return field("URIs").map((uri) => ({ uri: trimSlash(uri), suites: field("Suites") }));
    });
}

/** What an image build needs to know of the host's apt; Debian's defaults where the host has none. */
export async function readAptSetup(
    etcApt = "/etc/apt",
    env: NodeJS.ProcessEnv = process.env,
    dump: () => Promise<string> = dumpConfig,
): Promise<AptSetup> {
    const sources = readSources(etcApt).filter((source) => /^https?:/.test(source.uri));
    const main = sources.find((s) => /\/debian$/.test(s.uri) && s.suites.some((suite) => !suite.includes("-")));
    const security = sources.find((s) => /\/debian-security$/.test(s.uri));
    const conf = (await dump())
        .split("\n")
        .filter((line) => /^Acquire::(https?::|Check-Valid-Until|Check-Date|ForceIPv|Max-)/i.test(line))
        .filter((line) => !/ "";$/.test(line));
    const proxies: Record<string, string> = {};
    for (const name of ["http_proxy", "https_proxy", "no_proxy"]) {
        const value = env[name] ?? env[name.toUpperCase()];
        if (value) proxies[name] = value;
    }
    const aptProxy = conf.map((line) => /^Acquire::http::Proxy "(.+)";$/i.exec(line)?.[1]).find(Boolean);
    if (aptProxy && aptProxy !== "DIRECT") proxies.http_proxy ??= aptProxy;
    return {
        mirror: main?.uri ?? DEFAULT_MIRROR,
        securityMirror: security?.uri ?? DEFAULT_SECURITY_MIRROR,
        // A proxy may hold a password: it goes by the proxy variables only. Certificate files are on the host alone.
        conf: conf.filter((line) => !/::(Proxy|CaInfo|Ssl\w*)\b/i.test(line)).join("\n"),
        proxies,
    };
}

/** deb822 sources of a suite, its updates and its security fixes on the host's mirrors. */
export function sourcesFor(setup: AptSetup, suite: string, components: string[]): string {
    const stanza = (uri: string, suites: string) =>
        `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: ${components.join(" ")}\nSigned-By: ${KEYRING}\n`;
    return `${stanza(setup.mirror, `${suite} ${suite}-updates`)}\n${stanza(setup.securityMirror, `${suite}-security`)}`;
}

async function dumpConfig(): Promise<string> {
    const { failed, missing, stdout, problem } = await runProcess("apt-config", ["dump"]);
    // A host that is not Debian has no apt, and then nothing to pass on.
    if (missing) return "";
    if (failed) throw new Error(`apt-config dump failed: ${problem}`);
    return stdout;
}

function trimSlash(uri: string): string {
    return uri.replace(/\/+$/, "");
}
