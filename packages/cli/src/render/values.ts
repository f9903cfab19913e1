/** Property values of a state that was exported with its secrets in plaintext. */
import { isSecret } from "../ui/redact";

/** Without Pulumi's marks. @param secret called with the path of each secret, e.g. `data.PASSWORD` */
export function opened(value: unknown, secret: (path: string) => void, path = ""): unknown {
    if (Array.isArray(value)) return value.map((item, i) => opened(item, secret, `${path}[${i}]`));
    if (typeof value !== "object" || value === null) return value;
    if (isSecret(value)) {
        secret(path);
        return JSON.parse((value as { plaintext?: string }).plaintext ?? "null") as unknown;
    }
    return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, opened(item, secret, path === "" ? key : `${path}.${key}`)]),
    );
}
