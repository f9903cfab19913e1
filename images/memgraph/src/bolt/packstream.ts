/** PackStream, the encoding of Bolt messages: https://neo4j.com/docs/bolt/current/packstream. Also that of the files on disk. */

/** An integer is a bigint, a float a number: the two are different values in a graph. */
export type Value =
    null | boolean | bigint | number | string | Uint8Array | Structure | Value[] | { [key: string]: Value };

export class Structure {
    constructor(
        readonly tag: number,
        readonly fields: Value[],
    ) {}
}

/** The bytes are not PackStream. */
export class PackStreamError extends Error {}

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
/** Deeper nesting than any real value has; more would overflow the stack. */
const MAX_DEPTH = 200;

export function encode(value: Value): Buffer {
    const chunks: Buffer[] = [];
    write(value, chunks);
    return Buffer.concat(chunks);
}

function write(value: Value, out: Buffer[]): void {
    if (value === null) out.push(Buffer.of(0xc0));
    else if (typeof value === "boolean") out.push(Buffer.of(value ? 0xc3 : 0xc2));
    else if (typeof value === "bigint") out.push(integer(value));
    else if (typeof value === "number") out.push(float(value));
    else if (typeof value === "string") {
        const bytes = Buffer.from(value, "utf8");
        out.push(header(bytes.length, 0x80, 0xd0), bytes);
    } else if (value instanceof Uint8Array) out.push(header(value.length, undefined, 0xcc), Buffer.from(value));
    else if (value instanceof Structure) {
        if (value.fields.length > 15) throw new PackStreamError("a structure has at most 15 fields");
        out.push(Buffer.of(0xb0 | value.fields.length, value.tag));
        for (const field of value.fields) write(field, out);
    } else if (Array.isArray(value)) {
        out.push(header(value.length, 0x90, 0xd4));
        for (const item of value) write(item, out);
    } else {
        const entries = Object.entries(value);
        out.push(header(entries.length, 0xa0, 0xd8));
        for (const [key, item] of entries) {
            write(key, out);
            write(item, out);
        }
    }
}

function integer(value: bigint): Buffer {
    if (value < MIN_INT64 || value > MAX_INT64) throw new PackStreamError(`${value} does not fit into 64 bits`);
    if (value >= -16n && value <= 127n) return Buffer.of(Number(value) & 0xff);
    const sizes: [bigint, number, number][] = [
        [2n ** 7n, 0xc8, 1],
        [2n ** 15n, 0xc9, 2],
        [2n ** 31n, 0xca, 4],
        [2n ** 63n, 0xcb, 8],
    ];
    const [, marker, size] = sizes.find(([limit]) => value >= -limit && value < limit)!;
    const buffer = Buffer.alloc(1 + size);
    buffer[0] = marker;
    if (size === 8) buffer.writeBigInt64BE(value, 1);
    else buffer.writeIntBE(Number(value), 1, size);
    return buffer;
}

function float(value: number): Buffer {
    const buffer = Buffer.alloc(9);
    buffer[0] = 0xc1;
    buffer.writeDoubleBE(value, 1);
    return buffer;
}

/** `tiny` holds sizes up to 15 in the marker; `wide` is the first of the markers for 8, 16 and 32 bits of size. */
function header(size: number, tiny: number | undefined, wide: number): Buffer {
    if (tiny !== undefined && size < 16) return Buffer.of(tiny | size);
    const bytes = size < 0x100 ? 1 : size < 0x10000 ? 2 : 4;
    const buffer = Buffer.alloc(1 + bytes);
    buffer[0] = wide + (bytes === 1 ? 0 : bytes === 2 ? 1 : 2);
    buffer.writeUIntBE(size, 1, bytes);
    return buffer;
}

/** Decodes exactly one value. @throws PackStreamError when there is less or more. */
export function decode(bytes: Buffer): Value {
    const decoder = new Decoder(bytes);
    const value = decoder.read(0);
    if (decoder.offset !== bytes.length) throw new PackStreamError(`${bytes.length - decoder.offset} bytes too many`);
    return value;
}

class Decoder {
    offset = 0;

    constructor(private readonly bytes: Buffer) {}

    read(depth: number): Value {
        if (depth > MAX_DEPTH) throw new PackStreamError(`nested deeper than ${MAX_DEPTH}`);
        const marker = this.take(1)[0]!;
        if (marker < 0x80) return BigInt(marker);
        if (marker >= 0xf0) return BigInt(marker - 0x100);
        const low = marker & 0x0f;
        switch (marker & 0xf0) {
            case 0x80:
                return this.text(low);
            case 0x90:
                return this.list(low, depth);
            case 0xa0:
                return this.map(low, depth);
            case 0xb0:
                return this.structure(low, depth);
        }
        return this.wide(marker, depth);
    }

    private wide(marker: number, depth: number): Value {
        switch (marker) {
            case 0xc0:
                return null;
            case 0xc1:
                return this.take(8).readDoubleBE();
            case 0xc2:
                return false;
            case 0xc3:
                return true;
            case 0xc8:
                return BigInt(this.take(1).readInt8());
            case 0xc9:
                return BigInt(this.take(2).readInt16BE());
            case 0xca:
                return BigInt(this.take(4).readInt32BE());
            case 0xcb:
                return this.take(8).readBigInt64BE();
            case 0xcc:
            case 0xcd:
            case 0xce:
                return new Uint8Array(this.take(this.size(marker - 0xcc)));
            case 0xd0:
            case 0xd1:
            case 0xd2:
                return this.text(this.size(marker - 0xd0));
            case 0xd4:
            case 0xd5:
            case 0xd6:
                return this.list(this.size(marker - 0xd4), depth);
            case 0xd8:
            case 0xd9:
            case 0xda:
                return this.map(this.size(marker - 0xd8), depth);
        }
        throw new PackStreamError(`unknown marker 0x${marker.toString(16)}`);
    }

    private take(count: number): Buffer {
        const end = this.offset + count;
        if (end > this.bytes.length) throw new PackStreamError("the message ends in the middle of a value");
        const slice = this.bytes.subarray(this.offset, end);
        this.offset = end;
        return slice;
    }

    private size(exponent: number): number {
        return this.take(2 ** exponent).readUIntBE(0, 2 ** exponent);
    }

    private text(length: number): string {
        return this.take(length).toString("utf8");
    }

    private list(length: number, depth: number): Value[] {
        const list: Value[] = [];
        for (let i = 0; i < length; i++) list.push(this.read(depth + 1));
        return list;
    }

    private map(length: number, depth: number): Value {
        const entries: [string, Value][] = [];
        for (let i = 0; i < length; i++) {
            const key = this.read(depth + 1);
            if (typeof key !== "string") throw new PackStreamError("a map's key is not a text");
            entries.push([key, this.read(depth + 1)]);
        }
        // Not by assignment: "__proto__" is a key like any other.
        return Object.fromEntries(entries);
    }

    private structure(length: number, depth: number): Structure {
        const tag = this.take(1)[0]!;
        return new Structure(tag, this.list(length, depth) as Value[]);
    }
}
