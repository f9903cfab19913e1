/** Cannot prove that Caddy takes the text: `caddy validate` runs before every change of an edge, and so in every end-to-end test. */
import { describe, expect, test } from "vitest";

import { caddyfile, type CaddyfileSettings } from "../../../components/caddyfile";
import { thrown } from "./fixtures";

const settings: CaddyfileSettings = {
    tls: { mode: "internal" },
    http3: true,
    publicHttpsPort: 8443,
    sites: [
        {
            host: "app.localhost",
            routes: [
                {
                    paths: ["/api/*", "/ws/*"],
                    upstreams: ["backend-0:3000", "backend-1:3000"],
                    health: { path: "/api/health", timeoutSeconds: 2 },
                },
                { upstreams: ["frontend-0:5173"] },
            ],
        },
    ],
    maxBodyMiB: 500,
    privatePaths: ["/metrics"],
    accessLog: { path: "/var/log/caddy/access.log", rollSizeMiB: 50, rollKeep: 5, rollKeepDays: 7 },
    graceSeconds: 15,
};

/** The block that begins with `head`, without its indentation. */
function block(text: string, head: string): string[] {
    const lines = text.split("\n");
    const start = lines.findIndex((line) => line.trim() === `${head} {` || (head === "" && line === "{"));
    if (start < 0) {
        throw new Error(`there is no block "${head}" in:\n${text}`);
    }
    const indent = /^\t*/.exec(lines[start]!)![0];
    const end = lines.findIndex((line, index) => index > start && line === `${indent}}`);
    return lines.slice(start + 1, end).map((line) => line.slice(indent.length + 1));
}

test("a whole file with Caddy's own authority", () => {
    expect(caddyfile(settings)).toBe(`{
	admin localhost:2019
	http_port 8080
	https_port 8443
	auto_https disable_redirects
	skip_install_trust
	grace_period 15s
	servers {
		protocols h1 h2 h3
		metrics
		timeouts {
			read_header 10s
			idle 5m
		}
	}
}

http://:9180 {
	metrics /metrics
	respond /healthz 200
}

https://app.localhost {
	tls internal
	log {
		output file /var/log/caddy/access.log {
			roll_size 50MiB
			roll_keep 5
			roll_keep_for 168h
		}
		format json
	}
	encode zstd gzip
	request_body {
		max_size 500MiB
	}
	header {
		-Server
		Alt-Svc "h3=\\":8443\\"; ma=2592000"
		X-Content-Type-Options "nosniff"
		?X-Frame-Options "SAMEORIGIN"
		?Referrer-Policy "strict-origin-when-cross-origin"
		?Content-Security-Policy "frame-ancestors 'self'"
	}
	route {
		@private path /metrics
		handle @private {
			respond 404
		}
		@route0 path /api/* /ws/*
		handle @route0 {
			reverse_proxy backend-0:3000 backend-1:3000 {
				lb_policy least_conn
				lb_try_duration 10s
				lb_try_interval 250ms
				health_uri /api/health
				health_interval 2s
				health_timeout 2s
				transport http {
					dial_timeout 1s
				}
			}
		}
		handle {
			reverse_proxy frontend-0:5173 {
				lb_policy least_conn
				lb_try_duration 10s
				lb_try_interval 250ms
				transport http {
					dial_timeout 1s
				}
			}
		}
	}
}

http://app.localhost {
	header -Server
	redir https://app.localhost:8443{uri} 308
}

http:// {
	header -Server
	respond 404
}
`);
});

describe("TLS", () => {
    test("by ACME names the mailbox and no issuer, and promises HTTPS for a year", () => {
        const text = caddyfile({ ...settings, tls: { mode: "acme", email: "ops@example.com" } });
        expect(block(text, "")).toContain("email ops@example.com");
        expect(text).not.toContain("acme_ca");
        expect(text).not.toContain("skip_install_trust");
        expect(text).not.toContain("\ttls ");
        expect(block(text, "https://app.localhost")).toContain('\tStrict-Transport-Security "max-age=31536000"');
    });

    test("by an ACME authority of one's own names its directory", () => {
        const directory = "https://acme.example.com/directory";
        const text = caddyfile({ ...settings, tls: { mode: "acme", email: "ops@example.com", directory } });
        expect(block(text, "")).toContain(`acme_ca ${directory}`);
    });

    test("by a given certificate names its files, never their text", () => {
        const text = caddyfile({
            ...settings,
            tls: { mode: "certificate" },
            certificateFiles: { certificate: "/run/secrets/TLS_CERTIFICATE", key: "/run/secrets/TLS_PRIVATE_KEY" },
        });
        expect(block(text, "https://app.localhost")[0]).toBe(
            "tls /run/secrets/TLS_CERTIFICATE /run/secrets/TLS_PRIVATE_KEY",
        );
        expect(text).toContain("Strict-Transport-Security");
    });

    test("by a given certificate without files is an error", () => {
        expect(thrown(() => caddyfile({ ...settings, tls: { mode: "certificate" } })).message).toBe(
            "TLS with a given certificate needs the paths of its files.",
        );
    });
});

describe("ports", () => {
    test("443 is left out of the redirect, and advertised for HTTP/3", () => {
        const text = caddyfile({ ...settings, publicHttpsPort: 443 });
        expect(block(text, "http://app.localhost")).toContain("redir https://app.localhost{uri} 308");
        expect(text).toContain('Alt-Svc "h3=\\":443\\"; ma=2592000"');
    });

    test("without HTTP/3 it is neither served nor advertised", () => {
        const text = caddyfile({ ...settings, http3: false });
        expect(block(text, "servers")[0]).toBe("protocols h1 h2");
        expect(text).not.toMatch(/Alt-Svc|h3/);
    });
});

describe("routes", () => {
    test("each host name is a site and a redirect", () => {
        const api = { host: "api.app.localhost", routes: [{ upstreams: ["api-0:4000"] }] };
        const text = caddyfile({ ...settings, sites: [...settings.sites, api] });
        expect(block(text, "https://api.app.localhost").join("\n")).toContain("reverse_proxy api-0:4000 {");
        expect(block(text, "http://api.app.localhost")).toContain("redir https://api.app.localhost:8443{uri} 308");
    });

    test("where none takes the rest, the rest is a 404 and not Caddy's empty 200", () => {
        const [site] = settings.sites;
        const text = caddyfile({ ...settings, sites: [{ ...site!, routes: [site!.routes[0]!] }] });
        expect(block(text, "\troute".trim()).slice(-3)).toEqual(["handle {", "\trespond 404", "}"]);
    });

    test("a health check on another port says so", () => {
        const routes = [{ upstreams: ["a:1"], health: { path: "/up", port: 9000, timeoutSeconds: 5 } }];
        const text = caddyfile({ ...settings, sites: [{ host: "app.localhost", routes }] });
        expect(text).toContain("\t\t\t\thealth_uri /up\n\t\t\t\thealth_port 9000\n\t\t\t\thealth_interval 2s");
    });

    test("without private paths there is no matcher for them", () => {
        expect(caddyfile({ ...settings, privatePaths: [] })).not.toContain("@private");
    });
});

test("what holds white space or quotes is quoted", () => {
    const accessLog = { ...settings.accessLog, path: '/var/log/a "b".log' };
    expect(caddyfile({ ...settings, accessLog })).toContain('output file "/var/log/a \\"b\\".log" {');
});
