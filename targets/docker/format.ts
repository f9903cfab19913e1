/** Values written the way that the Docker provider reads them back, so that a second preview finds nothing to change. */

/** A Go duration in its canonical form: 90 is `1m30s`. */
export function goDuration(seconds: number): string {
    if (!Number.isInteger(seconds) || seconds < 0) {
        throw new RangeError(`A duration is a whole number of seconds, not ${seconds}.`);
    }
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    const rest = seconds % 60;
    if (hours > 0) {
        return `${hours}h${minutes}m${rest}s`;
    }
    return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

/**
 * Cores as the provider prints them after it has asked the engine: nine decimals without trailing zeros, but one decimal where
 * those nine digits and the whole part hold exactly nine zeros (`1` is `1.0`, `0.25` is `0.25`).
 */
export function cpuText(cores: number): string {
    const nine = cores.toFixed(9);
    const zeros = nine.split("0").length - 1;
    return zeros === 9 ? cores.toFixed(1) : nine.replace(/0+$/, "");
}

/** Relative weight under contention that stands for a reservation: 1024 a core, at least the engine's least of 2. */
export function cpuShares(cores: number): number {
    return Math.max(2, Math.round(cores * 1024));
}

/** Capability names as the engine stores them. */
export function capability(name: string): string {
    return name === "ALL" || name.startsWith("CAP_") ? name : `CAP_${name}`;
}

/** A path as a part of a resource's name: `/run/secrets` is `run-secrets`. */
export function slug(path: string): string {
    return path.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
}
