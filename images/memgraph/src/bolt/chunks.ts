/** Bolt's framing: a message is chunks of at most 65,535 bytes, each after its length, and then a length of 0. */

const MAX_CHUNK = 0xffff;
/** No message of an honest client is larger. */
const MAX_MESSAGE = 64 * 1024 * 1024;

class ChunkError extends Error {}

export function toChunks(message: Buffer): Buffer {
    const parts: Buffer[] = [];
    for (let at = 0; at < message.length; at += MAX_CHUNK) {
        const chunk = message.subarray(at, at + MAX_CHUNK);
        const length = Buffer.alloc(2);
        length.writeUInt16BE(chunk.length);
        parts.push(length, chunk);
    }
    parts.push(Buffer.alloc(2));
    return Buffer.concat(parts);
}

/** Puts messages together from bytes as they come. */
export class ChunkReader {
    private buffered: Buffer = Buffer.alloc(0);
    private chunks: Buffer[] = [];
    private size = 0;

    /** Returns the messages that these bytes complete. */
    push(bytes: Buffer): Buffer[] {
        this.buffered = this.buffered.length === 0 ? bytes : Buffer.concat([this.buffered, bytes]);
        const messages: Buffer[] = [];
        let at = 0;
        while (at + 2 <= this.buffered.length) {
            const length = this.buffered.readUInt16BE(at);
            if (at + 2 + length > this.buffered.length) break;
            at += 2;
            if (length > 0) this.add(this.buffered.subarray(at, at + length));
            // A length of 0 without a message before it only keeps the connection alive.
            else if (this.chunks.length > 0) messages.push(this.finish());
            at += length;
        }
        this.buffered = this.buffered.subarray(at);
        return messages;
    }

    private add(chunk: Buffer): void {
        this.size += chunk.length;
        if (this.size > MAX_MESSAGE) throw new ChunkError(`a message is larger than ${MAX_MESSAGE} bytes`);
        this.chunks.push(chunk);
    }

    private finish(): Buffer {
        const message = Buffer.concat(this.chunks);
        this.chunks = [];
        this.size = 0;
        return message;
    }
}
