import { UNREACHABLE } from "../sockets";

/** An error of the Docker engine's API, as dockerode throws it. */
export interface DockerError extends Error {
    statusCode?: number;
    code?: string;
    json?: { message?: string };
}

export function isNotFound(error: unknown): boolean {
    return (error as DockerError).statusCode === 404;
}

export function isConflict(error: unknown): boolean {
    return (error as DockerError).statusCode === 409;
}

/** The engine's own words, without dockerode's "(HTTP code 500) server error - ". */
export function messageOf(error: unknown): string {
    const { json, message } = error as DockerError;
    return (json?.message ?? message ?? String(error)).replace(/^\(HTTP code \d+\)[^-]*- /, "").trim();
}

/** Code of an error that ssh itself explains. */
export const SSH_FAILED = "ESSH";

/** The Docker engine does not answer. */
export class DockerUnreachableError extends Error {
    /** Which engine, and why: the message without its remedy, for those who know a better one. A whole sentence. */
    readonly problem: string;
    /** Node's code of the reason. */
    readonly code?: string;

    constructor({ host, named }: { host: string; named: boolean }, error: unknown) {
        const { code, message } = error as DockerError;
        const why = (code !== undefined && UNREACHABLE[code]) || message.replace(/\.$/, "");
        const problem = `The Docker engine at ${host} does not answer: ${why}.`;
        super(
            named
                ? `${problem} Start it; where it has another address now, name that with DOCKER_HOST or groundwork:docker.host.`
                : `${problem} Start it, or name another one with DOCKER_HOST. "gw doctor" says what this machine lacks.`,
        );
        this.name = "DockerUnreachableError";
        this.problem = problem;
        this.code = code;
    }
}

export function isUnreachable(error: unknown): boolean {
    const { code, statusCode } = error as DockerError;
    return statusCode === undefined && code !== undefined && (code in UNREACHABLE || code === SSH_FAILED);
}
