/** Values in the words of the Kubernetes API. */

/** Cores as a quantity in its canonical form: 0.25 is `250m`, 2 is `2`. The API counts in thousandths. */
export function cpu(cores: number): string {
    const thousandths = Math.round(cores * 1000);
    return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

/** MiB as a quantity in its canonical form: 512 is `512Mi`, 2048 is `2Gi`. */
export function mebibytes(mib: number): string {
    const whole = Math.ceil(mib);
    return whole > 0 && whole % 1024 === 0 ? `${whole / 1024}Gi` : `${whole}Mi`;
}

/** A path as a part of an object's name: `/run/secrets` is `run-secrets`. */
export function slug(path: string): string {
    return path
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "");
}

/** `uid:gid`. */
export function userAndGroup(user: string): { user: number; group: number } {
    const [, uid, gid] = /^(\d+):(\d+)$/.exec(user) ?? [];
    if (uid === undefined || gid === undefined) {
        throw new Error(`A user is "uid:gid" in numbers, not "${user}".`);
    }
    return { user: Number(uid), group: Number(gid) };
}
