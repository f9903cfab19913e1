/** Asks for images through the Docker engine, with its mirrors and proxies, since that is what will pull. */
import type Docker from "dockerode";

/** How long a registry may take to answer. */
const TIMEOUT_MS = 6000;

/** @returns whether the registry of `reference` has it; `no answer` when the engine reaches no registry, or not in time */
export async function askRegistry(docker: Docker, reference: string): Promise<"there" | "missing" | "no answer"> {
    const distribution = docker.getImage(reference).distribution() as Promise<unknown>;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => (timer = setTimeout(resolve, TIMEOUT_MS, "late")));
    try {
        return (await Promise.race([distribution, late])) === "late" ? "no answer" : "there";
    } catch (error) {
        const { statusCode, json } = error as { statusCode?: number; json?: { message?: string } };
        // The engine passes a registry's refusal on as 401, 403 or 404; when it reached none, it says so with 500.
        const refused = statusCode === 401 || statusCode === 403 || statusCode === 404;
        return refused || /denied|unauthorized|not found|manifest unknown/i.test(json?.message ?? "")
            ? "missing"
            : "no answer";
    } finally {
        clearTimeout(timer);
        // Its late failure must not end the process.
        distribution.catch(() => undefined);
    }
}
