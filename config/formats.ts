/**
 * Written forms that config values must have. Every expression is anchored and free of nested repetition, so that a long
 * hostile value costs no more than its length.
 */
import { isIP } from "node:net";

/** A DNS label as RFC 1123 has it, in lower case. */
export const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Labels joined by dots, at most 253 characters. */
export const HOST_NAME =
    /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Name of an environment variable as POSIX shells take it. */
export const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Name of a secret: an environment variable in capitals. */
export const SECRET_NAME = /^[A-Z][A-Z0-9_]{0,127}$/;

/** Enough of RFC 5321 for an ACME account: a mailbox at a domain with a dot. */
export const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+$/;

/** Top-level names that no public certificate authority issues for: RFC 2606, RFC 6761, RFC 6762, RFC 8375, RFC 9476 and ICANN's .internal. */
const PRIVATE_TOP_LEVEL = new Set(["localhost", "local", "internal", "test", "invalid", "example", "alt", "onion"]);
const PRIVATE_SUFFIXES = ["home.arpa"];

export function isHostName(value: string): boolean {
    return HOST_NAME.test(value) && isIP(value) === 0 && !/^[0-9.]+$/.test(value);
}

/** A host name that a public certificate authority could issue for. Documentation names such as example.com pass. */
export function isPublicHostName(value: string): boolean {
    if (!isHostName(value)) return false;
    const labels = value.split(".");
    const top = labels[labels.length - 1] ?? "";
    if (labels.length < 2 || PRIVATE_TOP_LEVEL.has(top) || !/^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(top)) return false;
    return !PRIVATE_SUFFIXES.some((suffix) => value === suffix || value.endsWith(`.${suffix}`));
}

export function isIpAddress(value: string): boolean {
    // An IPv6 zone (fe80::1%eth0) names an interface of one machine and is not taken by Docker's port bindings.
    return isIP(value) !== 0 && !value.includes("%");
}

/** `[prefix/]name`: what the Kubernetes API takes for an annotation or a label. */
export const ANNOTATION_NAME =
    /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** What the Kubernetes API takes for a label's value; it may be empty. */
export const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/** A context's name in a kubeconfig, which clouds make of paths, colons and at signs. */
export const CONTEXT_NAME = /^\S{1,253}$/;

/** `address/bits`, IPv4 or IPv6. */
export function isCidr(value: string): boolean {
    const [address = "", bits = "", ...more] = value.split("/");
    const family = isIpAddress(address) ? isIP(address) : 0;
    return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

/** 127.0.0.0/8 or ::1. */
export function isLoopback(address: string): boolean {
    return address.startsWith("127.") || /^(?:0{0,4}:){2,7}0{0,3}1$/.test(address);
}

const REGISTRY_HOST =
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*(?::[0-9]{1,5})?$/;
const IMAGE_PATH_PART = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const IMAGE_TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const IMAGE_DIGEST = /^sha256:[a-f0-9]{64}$/;

/**
 * An image reference as https://pkg.go.dev/github.com/distribution/reference defines it: `[host[:port]/]path[:tag][@sha256:…]`,
 * at most 255 characters before tag and digest.
 */
export function isImageReference(value: string): boolean {
    if (value.length > 512) return false;
    const [named = "", digest, ...more] = value.split("@");
    if (more.length > 0 || (digest !== undefined && !IMAGE_DIGEST.test(digest))) return false;
    const colon = named.lastIndexOf(":");
    const tagged = colon > named.lastIndexOf("/");
    if (tagged && !IMAGE_TAG.test(named.slice(colon + 1))) return false;
    const name = tagged ? named.slice(0, colon) : named;
    // 64 hexadecimal digits alone are an image's id, which no registry can be asked for.
    if (/^[a-f0-9]{64}$/.test(name)) return false;
    return isRepository(name);
}

/** A prefix that can be put in front of an image reference with a slash: `host[:port][/path]`. */
export function isMirrorPrefix(value: string): boolean {
    const [host = "", ...path] = value.split("/");
    return value.length <= 255 && isRegistryHost(host) && path.every((part) => IMAGE_PATH_PART.test(part));
}

function isRepository(name: string): boolean {
    if (name.length === 0 || name.length > 255) return false;
    const parts = name.split("/");
    const first = parts[0] ?? "";
    // As Docker does: the first part is a host when it has a dot or a port, or is localhost.
    const path = parts.length > 1 && /[.:]|^localhost$/.test(first) ? parts.slice(1) : parts;
    if (path !== parts && !isRegistryHost(first)) return false;
    return path.every((part) => IMAGE_PATH_PART.test(part));
}

function isRegistryHost(value: string): boolean {
    if (!REGISTRY_HOST.test(value)) return false;
    const port = value.split(":")[1];
    return (/[.:]/.test(value) || value === "localhost") && (port === undefined || isPort(Number(port)));
}

function isPort(value: number): boolean {
    return Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** `unix:///path`, `ssh://[user@]host[:port]`, `tcp://host:port` or `npipe:////./pipe/name`; never with a password in it. */
export function isDockerHost(value: string): boolean {
    if (value.length > 512 || /[\s\0]/.test(value)) return false;
    if (value.startsWith("unix://")) return /^unix:\/\/\/[^?#]+$/.test(value);
    if (value.startsWith("npipe://")) return /^npipe:\/\/\/\/\.\/pipe\/[A-Za-z0-9_.-]+$/.test(value);
    if (!/^(?:ssh|tcp):\/\//.test(value) || !URL.canParse(value)) return false;
    const url = new URL(value);
    if (url.hostname === "" || url.password !== "" || url.search !== "" || url.hash !== "") return false;
    if (url.protocol === "tcp:") return url.port !== "" && url.username === "" && /^\/?$/.test(url.pathname);
    return true;
}

export function isHttpsUrl(value: string): boolean {
    if (value.length > 512 || !URL.canParse(value)) return false;
    const url = new URL(value);
    return url.protocol === "https:" && url.username === "" && url.password === "";
}

/** A time zone of the IANA database, in the spelling that a container's tzdata knows: `Europe/Berlin`, `UTC`. */
export function isTimeZone(value: string): boolean {
    if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/.test(value)) return false;
    try {
        new Intl.DateTimeFormat("en", { timeZone: value });
    } catch (error) {
        if (error instanceof RangeError) return false;
        throw error;
    }
    // Intl takes any case, the file system of a container does not.
    const canonical = timeZones().find((zone) => zone.toLowerCase() === value.toLowerCase());
    return canonical === undefined || canonical === value;
}

function timeZones(): string[] {
    return ["UTC", ...Intl.supportedValuesOf("timeZone")];
}

/** Room is left for what is put behind it: the names of the replica and of the log. */
export const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,53}[a-z0-9]$/;

/** A region of AWS, or of a server that has such. */
export const REGION = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** `http://host[:port]` or `https://host[:port]`, with nothing else. */
export function isServerUrl(value: string): boolean {
    if (!/^https?:\/\/[^/?#@\s]+\/?$/.test(value) || !URL.canParse(value)) return false;
    return !value.endsWith("/") && new URL(value).hostname !== "";
}
