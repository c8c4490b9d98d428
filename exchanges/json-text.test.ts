import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./json-text.ts";

describe("a client's JSON", () => {
  it("is parsed like JSON.parse", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual({ kind: "json", value: JSON.parse(text) });
      }),
    );
  });

  it("is refused without throwing, when it is anything else", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[]{}":,\\0tn ') }), (text) => {
        expect(["json", "bad"]).toContain(parseJson(text).kind);
      }),
    );
  });

  it.each([["["], ['{"a":'], ['[{"a":']])("is refused when it nests %s too deeply", (open) => {
    expect(parseJson(open.repeat(129))).toMatchObject({ kind: "bad", why: /recursion limit/ });
  });

  it("may be 128 levels deep, with any number of brackets in its texts", () => {
    expect(parseJson("[".repeat(128) + "]".repeat(128)).kind).toBe("json");
    expect(parseJson(JSON.stringify(`"\\${"[".repeat(1_000)}`)).kind).toBe("json");
  });
});
