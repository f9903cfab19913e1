/** Requests from inside of a stack's containers. */
import type { Service } from "../../../../systems/types";

/** A request to a service from inside of its own container, with the client that its health check uses. */
export function requestCommand(service: Service, path: string, body?: unknown): string[] {
    const url = `http://127.0.0.1:${service.port}${path}`;
    const probe = service.health.default;
    const client = probe.kind === "http" ? probe.client : "curl";
    const json = body === undefined ? undefined : JSON.stringify(body);
    if (client === "wget") {
        return [
            "wget",
            "-q",
            "-O",
            "-",
            ...(json === undefined ? [] : ["--header", "content-type: application/json", "--post-data", json]),
            url,
        ];
    }
    return ["curl", "-fsS", ...(json === undefined ? [] : ["-H", "content-type: application/json", "-d", json]), url];
}
