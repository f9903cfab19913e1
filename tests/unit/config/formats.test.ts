import { describe, expect, it } from "vitest";

import * as formats from "../../../config/formats";
import { nearest } from "../../../config/suggest";
import { CATALOG } from "../../../images/catalog";

const DIGEST = `sha256:${"a".repeat(64)}`;

/** Texts that each form takes, and texts that it does not. */
const FORMS: [name: string, test: (text: string) => boolean, good: string[], bad: string[]][] = [
    [
        "a host name",
        formats.isHostName,
        ["localhost", "a", "a.b-c.example.com", "xn--bcher-kva.example", "1.example.com", `${"a".repeat(63)}.com`],
        [
            "",
            ".",
            "a..b",
            "-a.com",
            "a-.com",
            "a_b.com",
            "A.com",
            "1.2.3.4",
            "1.2",
            "::1",
            "a.com.",
            " a.com",
            "a.com\n",
            `${"a".repeat(64)}.com`,
        ],
    ],
    [
        "a range of addresses",
        formats.isCidr,
        ["10.0.0.0/8", "192.0.2.1/32", "0.0.0.0/0", "fc00::/7", "::1/128"],
        [
            "",
            "10.0.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "a/8",
            "10.0.0.0/8/8",
            "10.0.0.0/-1",
            "fe80::1%eth0/64",
        ],
    ],
    [
        "a public host name",
        formats.isPublicHostName,
        ["example.com", "a.b.example.co.uk", "xn--bcher-kva.xn--p1ai"],
        [
            "localhost",
            "a.localhost",
            "a.local",
            "a.internal",
            "a.test",
            "home.arpa",
            "nas.home.arpa",
            "a.b1",
            "platform",
        ],
    ],
    [
        "an image reference",
        formats.isImageReference,
        [
            "caddy",
            "caddy:2.7-alpine",
            "pgvector/pgvector:pg16",
            "localhost/a",
            "localhost:5000/a/b:c",
            "r.example.com:5000/a_b/c__d/e-f.g:T.a-g_1",
            `a@${DIGEST}`,
            `a:b@${DIGEST}`,
        ],
        [
            "",
            "Caddy",
            "a:",
            ":a",
            "a b",
            "a//b",
            "/a",
            "a/",
            "a@b",
            "a@sha256:a",
            `a@${DIGEST}@${DIGEST}`,
            "a:b:c",
            "https://a/b",
            "r.example.com:0/a",
            "r.example.com:99999/a",
            "a".repeat(256),
            "f".repeat(64),
            "a___b",
            "-a",
        ],
    ],
    [
        "a mirror prefix",
        formats.isMirrorPrefix,
        [
            "mirror.example.com",
            "mirror.example.com:5000",
            "mirror.example.com/proxy/hub",
            "localhost",
            "localhost:5000/a",
        ],
        [
            "",
            "mirror",
            "https://mirror.example.com",
            "mirror.example.com/",
            "mirror.example.com/A",
            "mirror.example.com:x",
            "mirror.example.com/a:b",
            "user@mirror.example.com",
        ],
    ],
    [
        "a Docker host",
        formats.isDockerHost,
        [
            "unix:///var/run/docker.sock",
            "ssh://host",
            "ssh://deploy@host:22",
            "ssh://deploy@host/run/docker.sock",
            "tcp://127.0.0.1:2375",
            "tcp://[::1]:2375",
            "npipe:////./pipe/docker_engine",
        ],
        [
            "",
            "unix://",
            "unix://a",
            "/var/run/docker.sock",
            "http://a:1",
            "tcp://a",
            "tcp://a:1/x",
            "tcp://u@a:1",
            "ssh://",
            "ssh://a:b@c",
            "ssh://a?b",
            "npipe://a",
            "fd://",
            "ssh://a b",
        ],
    ],
    [
        "an IP address",
        formats.isIpAddress,
        ["0.0.0.0", "127.0.0.1", "::", "::1", "2001:db8::1"],
        ["", "localhost", "1.2.3", "1.2.3.256", "01.2.3.4", "fe80::1%eth0", "[::1]", "1.2.3.4/8"],
    ],
    [
        "a loopback address",
        formats.isLoopback,
        ["127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1"],
        ["0.0.0.0", "::", "10.0.0.1", "2001:db8::1"],
    ],
    [
        "an https URL",
        formats.isHttpsUrl,
        ["https://ca.example.com", "https://ca.example.com:9000/acme/directory"],
        [
            "",
            "http://ca.example.com",
            "https://",
            "https://u@ca.example.com",
            "https://u:p@ca.example.com",
            "ca.example.com",
        ],
    ],
    [
        "a time zone",
        formats.isTimeZone,
        ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Calcutta"],
        ["", "utc", "Europe/berlin", "Europe/Nowhere", "+01:00", "GMT+25", "../etc/passwd", "Europe/Berlin\n"],
    ],
    [
        "an e-mail address",
        (text) => formats.EMAIL.test(text),
        ["a@b.co", "a.b+c@d-e.example.com"],
        ["", "a", "a@b", "@b.co", "a@b..co", "a b@c.de", "a@b.co\n"],
    ],
];

describe.each(FORMS)("%s", (_name, test, good, bad) => {
    it.each(good)("may be %j", (text) => expect(test(text)).toBe(true));
    it.each(bad)("may not be %j", (text) => expect(test(text)).toBe(false));
});

it("every image of the catalog is an image reference", () => {
    for (const { registry } of Object.values(CATALOG)) expect(formats.isImageReference(registry), registry).toBe(true);
});

it("no form takes long over a hostile text", () => {
    // Milliseconds as they are; minutes for a pattern that tries the rest of the text again at each of its characters.
    const hostile = [
        "a".repeat(800_000),
        "a-".repeat(400_000),
        "a.".repeat(400_000),
        "a_".repeat(400_000),
        `${"a/".repeat(400_000)}!`,
        `ssh://${"a:".repeat(400_000)}`,
    ];
    const start = performance.now();
    for (const [, test] of FORMS) for (const text of hostile) test(text);
    expect(performance.now() - start).toBeLessThan(30_000);
});

describe("the nearest known name", () => {
    it.each([
        ["httpport", "httpPort"],
        ["http_port", "httpPort"],
        ["htpPort", "httpPort"],
        ["hots", "host"],
        ["env", "environment"],
    ])("of %s is %s", (wrong, right) => {
        expect(nearest(wrong, ["environment", "host", "httpPort", "httpsPort", "tls"])).toBe(right);
    });

    it.each(["", "zzz", "x".repeat(1_000_000)])("is none for what is like nothing", (wrong) => {
        expect(nearest(wrong, ["environment", "host", "httpPort"])).toBeUndefined();
    });
});
