/** A capability as the kernel's headers name it, without the prefix that some write: `NET_ADMIN`. */
export function capabilityName(written: string): string {
    return written.toUpperCase().replace(/^CAP_/, "");
}
