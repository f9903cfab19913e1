/** What the Docker engine's API answers when something goes wrong, as dockerode throws it. */

/** There is no such container, image or file. */
export function isNotFound(error: unknown): boolean {
    return (error as { statusCode?: number }).statusCode === 404;
}

/** The engine is at it already. */
export function isBeingRemoved(error: unknown): boolean {
    return (error as { statusCode?: number }).statusCode === 409;
}
