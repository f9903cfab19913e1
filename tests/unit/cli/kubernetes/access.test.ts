import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Writable } from "node:stream";

import { afterEach, describe, expect, it } from "vitest";

import { type Cluster, readKubeconfig } from "../../../../packages/cli/src/kubernetes/client";
import { candidatesOf } from "../../../../packages/cli/src/kubernetes/edge";
import { forward } from "../../../../packages/cli/src/kubernetes/port-forward";
import { firstThatAnswers } from "../../../../packages/cli/src/kubernetes/candidates";
import { noAnswer, sayingOf } from "../../../../packages/cli/src/kubernetes/errors";
import { exitCodeOf } from "../../../../packages/cli/src/kubernetes/exec";
import { streamLogs } from "../../../../packages/cli/src/kubernetes/logs";
import { quantity } from "../../../../policies/kubernetes/quantity";
import type { ClientModule, KubeConfig, V1Node, V1Pod, V1Service } from "../../../../packages/cli/src/kubernetes/types";
import type { LogOptions } from "../../../../packages/cli/src/runtime/runtime";

const EDGE = { httpPort: 80, httpsPort: 443 };
const closing: (() => void)[] = [];

afterEach(() => closing.splice(0).forEach((close) => close()));

describe("the addresses that may lead to an edge", () => {
    const ports = (nodePorts: boolean) => [
        { name: "http", port: 80, ...(nodePorts && { nodePort: 30080 }) },
        { name: "https", port: 443, ...(nodePorts && { nodePort: 30443 }) },
        { name: "https-udp", port: 443, protocol: "UDP", ...(nodePorts && { nodePort: 30444 }) },
    ];
    const service = (nodePorts: boolean, ingress: object[] = []): V1Service => ({
        spec: { ports: ports(nodePorts) },
        status: { loadBalancer: { ingress } },
    });
    const addresses = (...pairs: [string, string][]) => pairs.map(([type, address]) => ({ type, address }));
    const node: V1Node = {
        status: { addresses: addresses(["InternalIP", "10.0.0.2"], ["ExternalIP", "198.51.100.2"]) },
    };
    const pod: V1Pod = { status: { hostIP: "10.0.0.3" } };

    it("are those of load balancers first, with the ports that users know", () => {
        const found = candidatesOf(
            service(false, [{ ip: "203.0.113.7" }, { hostname: "lb.example.com" }]),
            [],
            [],
            EDGE,
        );
        expect(found.map(({ host, http, https }) => [host, http, https])).toEqual([
            ["203.0.113.7", 80, 443],
            ["lb.example.com", 80, 443],
        ]);
    });

    it("are then nodes with their ports over TCP, the external addresses before the internal ones", () => {
        const found = candidatesOf(service(true), [node], [pod], EDGE);
        expect(found.map(({ host, http, https }) => `${host} ${http} ${https}`)).toEqual([
            "198.51.100.2 30080 30443",
            "10.0.0.2 30080 30443",
            "10.0.0.3 30080 30443",
        ]);
    });

    it("are none where the edge is inside of the cluster alone", () => {
        expect(candidatesOf(service(false), [node], [pod], EDGE)).toEqual([]);
    });
});

describe("the address that is taken", () => {
    it("is the first that lets this machine in, and is told where it has another port than users know", async () => {
        const server = createServer();
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        closing.push(() => server.close());
        const { port } = server.address() as AddressInfo;
        const candidates = [1, port].map((https) => ({ host: "localhost", http: 1, https, what: `node ${https}` }));
        const access = await firstThatAnswers(candidates, 443);
        expect(access).toMatchObject({ address: "127.0.0.1", ports: { http: 1, https: port } });
        expect(access!.note).toBe(`Reached at the node ${port}, port ${port}.`);
        expect((await firstThatAnswers(candidates, port))!.note).toBeUndefined();
        expect(await firstThatAnswers(candidates.slice(0, 1), 443)).toBeUndefined();
    });
});

describe("a port-forward", () => {
    /** As the client does it: first the ports' numbers, of which nothing is left, then what the pod says. */
    function pod(answer: (output: Writable, errors: Writable) => void): Pick<Cluster, "client" | "config"> {
        class PortForward {
            portForward(_n: string, _p: string, _ports: number[], output: Writable, errors: Writable) {
                errors.write(Buffer.alloc(0));
                output.write(Buffer.alloc(0));
                answer(output, errors);
                return Promise.resolve({ on: () => undefined, close: () => undefined });
            }
        }
        return { client: { PortForward }, config: {} } as unknown as Pick<Cluster, "client" | "config">;
    }

    async function said(cluster: Pick<Cluster, "client" | "config">): Promise<string> {
        const { port, close } = await forward(cluster, { namespace: "n", name: "caddy-1" }, 8443);
        closing.push(() => void close());
        const socket = connect(port, "127.0.0.1");
        let text = "";
        for await (const chunk of socket) text += String(chunk);
        return text;
    }

    it("passes on what the pod says", async () => {
        expect(await said(pod((output) => output.end("hello")))).toBe("hello");
    });

    it("ends a connection that the pod refuses, and no other", async () => {
        await expect(said(pod((_output, errors) => errors.write("connection refused")))).resolves.toBe("");
    });
});

describe("a command in a pod", () => {
    it("ends with the exit code that its status names", () => {
        expect(exitCodeOf({ status: "Success" })).toBe(0);
        const causes = [{ reason: "ExitCode", message: "22" }];
        expect(exitCodeOf({ status: "Failure", reason: "NonZeroExitCode", details: { causes } })).toBe(22);
    });

    it("that cannot be run has none", () => {
        const status = { status: "Failure", reason: "InternalError", message: 'exec: "sh": not found' };
        expect(() => exitCodeOf(status)).toThrow('exec: "sh": not found');
    });
});

describe("quantities", () => {
    it.each([
        ["250m", 0.25],
        ["2", 2],
        ["512Mi", 512 * 1024 ** 2],
        ["1.5Gi", 1.5 * 1024 ** 3],
        ["1e3", 1000],
        ["12k", 12_000],
        [undefined, 0],
    ])("%s is %d", (text, value) => expect(quantity(text)).toBeCloseTo(value, 9));

    it("are refused where they are none", () => expect(() => quantity("a lot")).toThrow('"a lot" is no quantity'));
});

describe("a pod's log", () => {
    let asked: URL | undefined;

    async function server(status: number, body: string): Promise<{ server: string; config: KubeConfig }> {
        const http = createServer((request, response) => {
            asked = new URL(request.url!, "http://x");
            response.writeHead(status).end(body);
        });
        await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
        closing.push(() => http.close());
        const config = { applyToHTTPSOptions: () => Promise.resolve() } as unknown as KubeConfig;
        return { server: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, config };
    }

    async function lines(status: number, body: string, more: Partial<LogOptions> = {}): Promise<string[]> {
        const found: string[] = [];
        const at = { namespace: "n", pod: "api-1", container: "api" };
        const options = { tail: 0, follow: false, ...more };
        await streamLogs(await server(status, body), at, options, (line, time) => found.push(`${time}|${line}`));
        return found;
    }

    it("is asked for from a time on, even of no line, and comes line by line with its times", async () => {
        const since = Date.parse("2026-01-31T12:00:00Z") / 1000;
        const body = "2026-01-31T12:00:01.5Z started\n2026-01-31T12:00:02Z \n2026-01-31T12:00:03Z a b\n";
        expect(await lines(200, body, { since })).toEqual([
            "2026-01-31T12:00:01.5Z|started",
            "2026-01-31T12:00:02Z|",
            "2026-01-31T12:00:03Z|a b",
        ]);
        expect(asked!.pathname).toBe("/api/v1/namespaces/n/pods/api-1/log");
        expect(Object.fromEntries(asked!.searchParams)).toEqual({
            container: "api",
            timestamps: "true",
            follow: "false",
            tailLines: "0",
            sinceTime: "2026-01-31T12:00:00.000Z",
        });
    });

    it("says of a container that has not started why there is none", async () => {
        const body = JSON.stringify({ message: 'container "api" is waiting to start: ContainerCreating' });
        const [line] = await lines(400, body);
        expect(line).toMatch(/\|\(no log: container "api" is waiting to start: ContainerCreating\)$/);
    });

    it("is empty when the pod is gone, and an error when it may not be read", async () => {
        expect(await lines(404, "{}")).toEqual([]);
        const message = 'pods "api-1" is forbidden';
        await expect(lines(403, JSON.stringify({ message }))).rejects.toThrow(
            `The log of the pod api-1 cannot be read: ${message}`,
        );
    });
});

describe("what goes wrong between here and a cluster", () => {
    it("is told in the API server's own words", () => {
        expect(sayingOf({ body: '{"message":"no"}', message: "HTTP-Code: 403\nBody: …" })).toBe("no");
        expect(sayingOf({ body: "<html>", message: "HTTP-Code: 502\nBody: …" })).toBe("HTTP-Code: 502");
    });

    it("is told by its innermost cause where there was no answer", () => {
        const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
        expect(noAnswer(new Error("request failed", { cause: refused }))).toBe("nothing listens there");
        expect(noAnswer(Object.assign(new Error("x"), { code: 500 }))).toBeUndefined();
    });
});

describe("a kubeconfig", () => {
    it("that is not there is told by its path", () => {
        const before = process.env["KUBECONFIG"];
        process.env["KUBECONFIG"] = "/nonexistent/kubeconfig";
        closing.push(() => {
            if (before === undefined) delete process.env["KUBECONFIG"];
            else process.env["KUBECONFIG"] = before;
        });
        const client = { KubeConfig: class {} } as unknown as ClientModule;
        expect(() => readKubeconfig(client, undefined)).toThrow("The kubeconfig /nonexistent/kubeconfig is not there.");
    });
});
