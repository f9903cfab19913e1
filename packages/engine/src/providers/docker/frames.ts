/** What containers write, as the Docker API sends it: https://docs.docker.com/reference/api/engine/ "Stream format". */

/** Text of both streams, put together from frames of 8 bytes of header (stream, length) and the text. A torn last one is left out. */
export function demultiplexed(buffer: Buffer): string {
    const parts: Buffer[] = [];
    for (let at = 0; at + 8 <= buffer.length;) {
        const length = buffer.readUInt32BE(at + 4);
        parts.push(buffer.subarray(at + 8, at + 8 + length));
        at += 8 + length;
    }
    return Buffer.concat(parts).toString("utf8");
}
