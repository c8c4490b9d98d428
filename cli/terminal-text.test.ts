import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { terminalText } from "./terminal-text.ts";

const ESCAPE = "\u001b";

describe("a text for the terminal", () => {
  it.each([
    ["a window's title", "\u001b]0;pwned\u0007platform", "platform"],
    ["a link", "\u001b]8;;http://evil.example\u001b\\click", "click"],
    ["a cleared screen", "\u001b[2J\u001b[Hgone", "gone"],
    ["a line that overwrites itself", "FAIL\r\u001b[2KPASS", "FAILPASS"],
    ["hidden text", "\u001b[?25l\u0000\u0008x\u009b2Jy", "x2Jy"],
  ])("has no %s", (_what, text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });

  it("keeps line feeds, tabs and kanit's own colors", () => {
    const text = "\n\u001b[1;31mFAIL\u001b[0m\tone\ntwo";
    expect(terminalText(text)).toBe(text);
  });

  it("has no other control character, whatever the text", () => {
    const piece = fc.oneof(
      fc.constantFrom("\u001b", "\u001b[31m", "[", "m", "\r", "\u0007", "\u009b"),
      fc.string({ maxLength: 3 }),
    );
    const colors = new RegExp(`${ESCAPE}\\[\\d{1,2}(?:;\\d{1,2})?m`, "g");
    fc.assert(
      fc.property(fc.array(piece), (parts) => {
        const plain = terminalText(parts.join("")).replaceAll(colors, "");
        expect(plain).not.toMatch(/[\p{Control}--[\n\t]]/v);
      }),
    );
  });
});
