import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ChunkReader, toChunks } from "../../../images/memgraph/src/bolt/chunks";
import { decode, encode, PackStreamError, Structure, type Value } from "../../../images/memgraph/src/bolt/packstream";

const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constant(null),
        fc.boolean(),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.double(),
        fc.string({ unit: "binary" }),
        fc.uint8Array(),
        fc.array(tie("value"), { maxLength: 20 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 20, noNullPrototype: true }),
        fc
            .tuple(fc.integer({ min: 0, max: 127 }), fc.array(tie("value"), { maxLength: 15 }))
            .map(([tag, fields]) => new Structure(tag, fields)),
    ),
}));

describe("PackStream", () => {
    it("reads back every value that it writes", () => {
        fc.assert(
            fc.property(value, (original) => {
                expect(decode(encode(original))).toEqual(original);
            }),
        );
    });

    it("writes integers in the fewest bytes, as the specification's table says", () => {
        const sizes: [bigint, number][] = [
            [-16n, 1],
            [127n, 1],
            [-17n, 2],
            [-128n, 2],
            [128n, 3],
            [-32768n, 3],
            [32768n, 5],
            [-(2n ** 31n), 5],
            [2n ** 31n, 9],
            [-(2n ** 63n), 9],
        ];
        for (const [integer, size] of sizes) expect([integer, encode(integer).length]).toEqual([integer, size]);
    });

    it("keeps texts and lists of every size class", () => {
        for (const size of [0, 15, 16, 255, 256, 65_535, 65_536]) {
            expect(decode(encode("x".repeat(size)))).toBe("x".repeat(size));
            expect((decode(encode(new Array<Value>(size).fill(true))) as Value[]).length).toBe(size);
        }
    });

    it("refuses bytes that are cut off, too many or nested without end, and never fails otherwise", () => {
        fc.assert(
            fc.property(value, fc.nat(), (original, cut) => {
                const bytes = encode(original);
                const length = cut % bytes.length;
                expect(() => decode(bytes.subarray(0, length))).toThrow(PackStreamError);
                expect(() => decode(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(PackStreamError);
            }),
        );
        fc.assert(
            fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
                try {
                    decode(Buffer.from(bytes));
                } catch (error) {
                    expect(error).toBeInstanceOf(PackStreamError);
                }
            }),
        );
        expect(() => decode(Buffer.alloc(100_000, 0x91))).toThrow(/nested deeper/);
    });
});

describe("Bolt's chunks", () => {
    it("put messages together however the bytes are split", () => {
        const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 4 });
        fc.assert(
            fc.property(messages, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (originals, splits) => {
                const stream = Buffer.concat(originals.map((message) => toChunks(Buffer.from(message))));
                const reader = new ChunkReader();
                const received: Buffer[] = [];
                for (let at = 0, i = 0; at < stream.length; i++) {
                    const size = splits[i % splits.length]!;
                    received.push(...reader.push(stream.subarray(at, at + size)));
                    at += size;
                }
                expect(received.map((m) => m.toString("hex"))).toEqual(
                    originals.map((m) => Buffer.from(m).toString("hex")),
                );
            }),
        );
        const large = Buffer.alloc(200_000, 7);
        expect(new ChunkReader().push(toChunks(large))).toEqual([large]);
    });
});
