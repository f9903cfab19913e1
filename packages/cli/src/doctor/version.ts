/** Whether a version such as `20.10.24+dfsg1` is this one or newer; what comes after major and minor does not count. */
export function isAtLeast(version: string, [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
    const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
    return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
