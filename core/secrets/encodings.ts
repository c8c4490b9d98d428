const BITS_OF_BYTE = 8;
const BITS_OF_BASE64 = 6;

/** A text as hexadecimal digits of its bytes. */
export function hexOf(bytes: Buffer): string {
  return bytes.toString("hex");
}

/** The bytes as decimal numbers, without separators. */
export function decimalOf(bytes: Buffer): string {
  return Array.from(bytes, String).join("");
}

/**
 * The ways in which Base64 and Base64url can contain these bytes: as all of it, and at each of the three places at
 * which they can begin within more. Characters that also depend on the bytes around are left out.
 */
export function base64Of(bytes: Buffer): readonly string[] {
  const texts = [bytes.toString("base64"), ...[0, 1, 2].map((offset) => base64At(bytes, offset))];
  return texts.flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")]);
}

function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  const charactersOf = (count: number): number => (count * BITS_OF_BYTE) / BITS_OF_BASE64;
  return text.slice(Math.ceil(charactersOf(offset)), Math.floor(charactersOf(offset + bytes.length)));
}

/** A text as it stands within JSON, addresses, forms and HTML: itself where nothing has to be escaped. */
export function embeddedIn(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const html = text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
  return [
    json,
    json.replaceAll("/", "\\/"),
    // As Python writes it.
    json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    percentEncoded(text),
    new URLSearchParams({ "": text }).toString().slice(1),
    html,
    html.replaceAll("'", "&#39;"),
  ];
}

/** Unlike `encodeURIComponent`, takes every text: half of a surrogate pair is replaced. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
