/** One thing that a machine has, lacks, or could do better. */
export interface Finding {
    name: string;
    /** `missing` is needed by every deployment; `warning` by some, or for production. */
    status: "ok" | "warning" | "missing";
    /** What is there. */
    found: string;
    /** How to get it; absent when nothing is to be done. */
    remedy?: string;
}

export function ok(name: string, found: string): Finding {
    return { name, status: "ok", found };
}

export function warning(name: string, found: string, remedy: string): Finding {
    return { name, status: "warning", found, remedy };
}

export function missing(name: string, found: string, remedy: string): Finding {
    return { name, status: "missing", found, remedy };
}
