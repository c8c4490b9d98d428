import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutTo, removeControls, toOneLine } from "./plain-text.ts";

/** Any code point. The unit "binary" of fast-check is made anew in each test file, which takes seconds. */
const codePoint = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point).toWellFormed());

describe("plain text", () => {
  it("contains no escape sequences and no control characters", () => {
    expect(toOneLine("\u001b[31mred\u001b[0m \u001b]0;title\u0007\u0000end\u009b")).toBe("red end");
  });

  it("is one line", () => {
    expect(toOneLine(" a\r\n\tb\u2028c ")).toBe("a b c");
    expect(removeControls("a\r\n\tb")).toBe("a\n\tb");
  });

  it("contains only characters that XML 1.0 allows, for any input", () => {
    const allowed = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;
    fc.assert(fc.property(fc.string({ unit: codePoint }), (text) => allowed.test(removeControls(text))));
    expect(removeControls("\ud800x\uffff")).toBe("\ufffdx");
  });

  it("is truncated with an ellipsis, never in the middle of a character", () => {
    expect(cutTo("order lost", 20)).toBe("order lost");
    expect(cutTo("order lost", 7)).toBe("order…");
    expect(cutTo("ab😀cd", 4).isWellFormed()).toBe(true);
  });
});
