import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeMistake } from "./mistake.ts";
import { parseData } from "./parse-data.ts";

const schema = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(["a", "b"]),
  loads: z.array(z.strictObject({ rateRps: z.number().positive().max(10) })),
});
const VALID = { name: "x", kind: "a", loads: [{ rateRps: 1 }] };

function mismatchOf(data: unknown): string {
  const parsed = parseData(schema, data);
  if (parsed.kind === "fits") throw new TypeError("Expected data that do not fit the schema.");
  return parsed.mistakes.map(describeMistake).join("; ");
}

describe("invalid data", () => {
  it.each([
    [{ ...VALID, name: 7 }, "name: expected a text, got 7"],
    [{ ...VALID, name: "" }, 'name: expected at least 1 character, got ""'],
    [{ ...VALID, kind: "c" }, 'kind: expected one of a, b, got "c"'],
    [{ ...VALID, loads: [{ rateRps: 0 }] }, "loads[0].rateRps: expected more than 0, got 0"],
    [{ ...VALID, loads: [{ rateRps: 11 }] }, "loads[0].rateRps: expected at most 10, got 11"],
    [{ ...VALID, loads: [{}] }, "loads[0].rateRps: expected a number, got nothing"],
    [
      { ...VALID, load: 1 },
      'load: expected one of the keys name, kind, loads, got "load"; did you mean loads?',
    ],
    [
      { ...VALID, loads: [{ rps: 1 }] },
      "loads[0].rateRps: expected a number, got nothing; loads[0].rps: " +
        'expected one of the keys rateRps, got "rps"',
    ],
    [[], "expected an object, got []"],
  ])("is reported with the place, what was expected and what was found: %j", (data, expected) => {
    expect(mismatchOf(data)).toBe(expected);
  });

  it("are one mistake where a key that is missing is misspelled beside", () => {
    expect(mismatchOf({ name: "x", kind: "a", laods: [] })).toBe(
      'laods: expected one of the keys name, kind, loads, got "laods"; did you mean loads?',
    );
  });

  it("shortens long values", () => {
    expect(mismatchOf({ ...VALID, loads: "y".repeat(1e6) }).length).toBeLessThan(120);
  });

  it("gives one line for any invalid data", () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        fc.pre(!schema.safeParse(data).success);
        expect(mismatchOf(data)).not.toMatch(/\n/);
      }),
    );
  });
});
