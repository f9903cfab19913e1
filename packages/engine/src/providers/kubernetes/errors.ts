/** Errors of the API server, and of the way to it. */
import { UNREACHABLE } from "../sockets";

export interface StatusCause {
    reason?: string;
    message?: string;
    field?: string;
}

/** The body of a refusal. */
export interface Status {
    message?: string;
    reason?: string;
    code?: number;
    details?: { name?: string; kind?: string; causes?: StatusCause[]; retryAfterSeconds?: number };
}

/** The API server answered, and said no. */
export class ApiError extends Error {
    readonly causes: StatusCause[];

    constructor(
        readonly code: number,
        status: Status,
    ) {
        super(status.message?.trim() || `HTTP status ${code}`);
        this.name = "ApiError";
        this.causes = status.details?.causes ?? [];
    }
}

/** The cluster cannot be reached, or does not know this user. */
export class ClusterError extends Error {
    constructor(
        message: string,
        readonly code: string,
        options?: ErrorOptions,
    ) {
        super(message, options);
        this.name = "ClusterError";
    }
}

/** The cluster does not have a kind, at least not yet. */
export class NoSuchKindError extends Error {
    constructor(message: string) {
        super(message);
        this.name = "NoSuchKindError";
    }
}

export function isNotFound(error: unknown): boolean {
    return error instanceof ApiError && error.code === 404;
}

export function isConflict(error: unknown): boolean {
    return error instanceof ApiError && error.code === 409;
}

/** The request was refused, so that nothing has come of it. */
export function isRefusal(error: unknown): boolean {
    return error instanceof ApiError && ((error.code >= 400 && error.code < 500) || UNTYPED.test(error.message));
}

/** What does not fit its kind is refused as if the server had failed. */
const UNTYPED = /^failed to create typed patch object \([^)]*\): (errors:\s*)?/;

/** What an object is to be differs from what it is in something that cannot be changed. */
export function isImmutable(error: unknown): boolean {
    return (
        error instanceof ApiError &&
        (error.code === 422 || error.code === 403) &&
        /immutable|forbidden: updates to|may not (be (updated|changed)|change)|cannot be (updated|changed)|can only be set/i.test(
            error.message,
        )
    );
}

/** Codes of a certificate that is not trusted, or not for that name, or not at this time. */
const UNTRUSTED = /CERT|SIGNATURE|SELF_SIGNED|^ERR_TLS|^ERR_SSL/;

/** @param where the cluster, as `context "x" (https://…)` */
export function unreachable(where: string, error: unknown): ClusterError {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (UNTRUSTED.test(code))
        return new ClusterError(
            `What answers for the Kubernetes cluster of ${where} is not it: ${message}. The kubeconfig may be of an earlier cluster; get it anew.`,
            code,
            { cause: error },
        );
    const why = UNREACHABLE[code] ?? message;
    return new ClusterError(
        `The Kubernetes cluster of ${where} does not answer: ${why}. Start it, or name another one with KUBECONFIG, "kubernetes:kubeconfig" or "kubernetes:context".`,
        code,
        { cause: error },
    );
}

/**
 * What the API server says, without its own words about the object in front: the message is about it already. It quotes values of the
 * wrong kind, and those of a Secret are secret.
 */
export function reasonOf(error: unknown, kind = ""): string {
    if (!(error instanceof Error)) return String(error);
    if (kind === "Secret") return reasonOf(error).replace(/(got|Invalid value:)[\s\S]*/, "$1 …");
    return error.message.replace(/^[\w.]+ "[^"]*" is (invalid|forbidden): /, "").replace(UNTYPED, "");
}
