/** What AWS's clients throw, told apart by name: a class differs from client to client. */

const NOT_FOUND = new Set([
    "NotFound",
    "NoSuchBucket",
    "NoSuchEntityException",
    "NotFoundException",
    "NoSuchBucketPolicy",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "ObjectLockConfigurationNotFoundError",
    "OwnershipControlsNotFoundError",
    "ReplicationConfigurationNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
]);

export function isNotFound(error: unknown): boolean {
    return NOT_FOUND.has(nameOf(error));
}

export function hasName(error: unknown, ...names: string[]): boolean {
    return names.includes(nameOf(error));
}

function nameOf(error: unknown): string {
    return error instanceof Error ? error.name : "";
}

/** The answer, or undefined where the thing that is asked for is not there. */
export async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
        return await answer;
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

/** Says what was asked, and where, beside what the server answered. */
export async function reaching<T>(endpoint: string, what: string, action: () => Promise<T>): Promise<T> {
    try {
        return await action();
    } catch (error) {
        if (!(error instanceof Error) || error.name === "AbortError" || error.name === "NothingMadeError") throw error;
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "ECONNRESET")
            throw new Error(
                `Nothing answers at ${endpoint} (${code}), which the aws provider names. Start it, or name another endpoint.`,
                { cause: error },
            );
        if (!("$metadata" in error)) throw error;
        const status = (error as { $metadata: { httpStatusCode?: number } }).$metadata.httpStatusCode;
        throw new Error(`${endpoint} refused ${what}: ${error.name}: ${error.message} (HTTP ${status ?? "?"})`, {
            cause: error,
        });
    }
}
