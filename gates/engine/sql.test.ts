import { describe, expect, it } from "vitest";
import { numberIn, toTsv } from "./sql.ts";

describe("a number of the database", () => {
  it("is read from its column", () => {
    expect(numberIn({ waiting: "0" }, "waiting")).toBe(0);
    expect(numberIn({ waiting: "-1.5" }, "waiting")).toBe(-1.5);
  });

  it.each([undefined, {}, { waiting: null }, { waiting: "" }, { waiting: "NaN" }, { waiting: "many" }])(
    "that is not there is no zero, with which a check would pass: %j",
    (row) => {
      expect(() => numberIn(row, "waiting")).toThrow(/Expected a number in the column waiting/);
    },
  );
});

describe("rows as tab-separated values", () => {
  it("have a header, and no value that would be several", () => {
    expect(
      toTsv([
        { name: "a\tb", note: null },
        { name: "c", note: "d\ne" },
      ]),
    ).toBe("name\tnote\na b\t\nc\td e\n");
    expect(toTsv([])).toBe("");
  });
});
