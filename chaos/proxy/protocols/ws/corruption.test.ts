import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../core/index.ts";
import { breakText, corruptBytes, corruptCharacters } from "./corruption.ts";

const RUNS = { numRuns: 500 };
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }).map((value) => Buffer.from(value));
const count = fc.integer({ min: 1, max: 5 });
const seed = fc.integer();

/** The number of places at which two payloads differ. */
function differences(one: Buffer, other: Buffer): number {
  return one.reduce((sum, byte, at) => sum + (byte === other[at] ? 0 : 1), 0);
}

describe("corruption of a payload", () => {
  it("changes as many bytes as asked for, or all, and never the length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), count, seed, (bytes, wanted, drawn) => {
        const before = Buffer.from(bytes);
        const after = corruptBytes(before, wanted, seededRandom(drawn));
        expect(after.length).toBe(before.length);
        expect(differences(before, after)).toBe(Math.min(wanted, before.length));
      }),
      RUNS,
    );
  });

  it("changes characters of a text and keeps it valid", () => {
    fc.assert(
      fc.property(text, count, seed, (before, wanted, drawn) => {
        const after = corruptCharacters(before, wanted, seededRandom(drawn));
        expect(isUtf8(after)).toBe(true);
        expect(after.length).toBe(before.length);
        const characters = [...before.toString()].length;
        expect(differences(before, after)).toBe(Math.min(wanted, characters));
      }),
      RUNS,
    );
  });

  it("always makes a text invalid", () => {
    fc.assert(
      fc.property(text, count, seed, (before, wanted, drawn) => {
        expect(isUtf8(breakText(before, wanted, seededRandom(drawn)))).toBe(false);
      }),
      RUNS,
    );
  });

  it("is the same for the same seed", () => {
    const before = Buffer.from('{"price":"1.50"}');
    const corruptedBy = (from: number) => corruptCharacters(before, 3, seededRandom(from)).toString();
    expect(corruptedBy(7)).toBe(corruptedBy(7));
    expect(corruptedBy(7)).not.toBe(corruptedBy(8));
  });
});
