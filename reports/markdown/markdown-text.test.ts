import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandBlock, escapeMarkdown, tableHead, tableRow } from "./markdown-text.ts";

describe("a text in Markdown", () => {
  it.each([
    ["**bold** _x_ ~~y~~ `c`", "\\*\\*bold\\*\\* \\_x\\_ \\~\\~y\\~\\~ \\`c\\`"],
    ["[a](http://x) ![i](j)", "\\[a\\]\\(http\\://x\\) \\!\\[i\\]\\(j\\)"],
    ["<img src=x> &amp; $x$", "\\<img src=x\\> \\&amp; \\$x\\$"],
    ["@everyone #12 :tada: www.x.com", "\\@everyone \\#12 \\:tada: www\\.x.com"],
    ["# a heading", "\\# a heading"],
    ["- a list", "\\- a list"],
    ["12. a list", "12\\. a list"],
    ["===", "\\==="],
    ["took 2.8 s: fast - very", "took 2.8 s: fast - very"],
    ["two\nlines\r\n\r\nand a block", "two lines and a block"],
  ])("shows %j literally", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  it("leaves no Markdown unescaped, for any text", () => {
    const unescaped = /(?<!\\)(?:\\\\)*[`*_{}[\]<>()#+|~!@$&^]/;
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(/[\r\n]/);
        // Markdown reads a backslash and a character as that character; the rest must not be special.
        expect(escaped.replace(/\\[\s\S]/g, "")).not.toMatch(unescaped);
      }),
    );
  });

  it("cannot corrupt a table or a code block", () => {
    const columns = [
      { heading: "a", isNumber: false },
      { heading: "b", isNumber: true },
    ] as const;
    expect(tableHead(columns)).toBe("| a | b |\n|---|--:|\n");
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const row = tableRow([one, other]);
        expect(row.replace(/\\[\s\S]/g, "").split("|")).toHaveLength(4);
        expect(row.indexOf("\n")).toBe(row.length - 1);
      }),
    );
    expect(commandBlock("echo ```\nrm")).toBe("````sh\necho ``` rm\n````\n");
  });
});
