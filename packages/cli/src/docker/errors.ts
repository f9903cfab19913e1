/** What the Docker engine's API answers when something goes wrong, as dockerode throws it. */

/** There is no such container, image or file. */
export function isNotFound(error: unknown): boolean {
    return (error as { statusCode?: number }).statusCode === 404;
}

/** Undefined where what was asked about is gone: containers come and go between a list and a question about one of it. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
        return await answer;
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

/** The engine is at it already. */
export function isBeingRemoved(error: unknown): boolean {
    return (error as { statusCode?: number }).statusCode === 409;
}
