import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { embedJson, html, trusted } from "./markup.ts";

/** Any code point. The unit "binary" of fast-check is made anew in each test file, which takes seconds. */
const codePoint = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point).toWellFormed());

describe("markup", () => {
  it("escapes strings, in text and in attributes, and leaves markup as it is", () => {
    const inner = html`<b>${"1 < 2"}</b>`;
    expect(html`<p title="${`"'&`}">${inner}${[inner, inner]}${3}</p>`.html).toBe(
      '<p title="&quot;&#39;&amp;"><b>1 &lt; 2</b><b>1 &lt; 2</b><b>1 &lt; 2</b>3</p>',
    );
    expect(trusted("<hr>").html).toBe("<hr>");
  });

  it("lets no string open or close an element", () => {
    fc.assert(fc.property(fc.string({ unit: codePoint }), (text) => !/[<>"']/.test(html`${text}`.html)));
  });

  it("embeds JSON that cannot end its element and parses to the original", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        const embedded = embedJson([value, `</script><!--${text}`]).html;
        expect(embedded).not.toContain("<");
        expect(JSON.stringify(JSON.parse(embedded))).toBe(JSON.stringify([value, `</script><!--${text}`]));
      }),
    );
  });
});
