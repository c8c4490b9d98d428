import { INVALID_BYTE_BASE } from "../text-quote.ts";

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
  "'": 39,
  '"': 34,
};
const ESCAPE =
  /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]?))/y;

/**
 * Parses a quoted PromQL text, with Go's escapes. Back-quoted text has no escapes. Bytes that are not valid
 * UTF-8 become lone surrogates (see INVALID_BYTE_BASE), so that they can be refused later. Returns undefined
 * when the text is not a complete literal or has an unknown escape.
 */
export function unquote(literal: string): string | undefined {
  const quote = literal.charAt(0);
  if (literal.length < 2 || literal.at(-1) !== quote) return undefined;
  const inner = literal.slice(1, -1);
  if (quote === "`") return inner;
  if (inner.includes("\n")) return undefined;
  if (!inner.includes("\\")) return inner;
  const bytes: number[] = [];
  for (let index = 0; index < inner.length; ) {
    if (inner.charAt(index) !== "\\") {
      const character = String.fromCodePoint(inner.codePointAt(index) ?? 0);
      bytes.push(...Buffer.from(character));
      index += character.length;
      continue;
    }
    ESCAPE.lastIndex = index;
    const match = ESCAPE.exec(inner);
    const read = match === null ? undefined : escapedBytes(match);
    if (read === undefined) return undefined;
    bytes.push(...read);
    index = ESCAPE.lastIndex;
  }
  return decodeLeniently(Buffer.from(bytes));
}

function escapedBytes(match: RegExpExecArray): readonly number[] | undefined {
  const [, simple, hex, octal, short, long] = match;
  if (simple !== undefined) return [SIMPLE_ESCAPES[simple] ?? 0];
  if (hex !== undefined) return [Number.parseInt(hex, 16)];
  if (octal !== undefined) {
    const code = Number.parseInt(octal, 8);
    return code > 255 ? undefined : [code];
  }
  const point = short ?? long;
  if (point === undefined) return undefined;
  const code = Number.parseInt(point, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return [...Buffer.from(String.fromCodePoint(code))];
}

function decodeLeniently(bytes: Buffer): string {
  const whole = bytes.toString("utf8");
  if (Buffer.from(whole).equals(bytes)) return whole;
  let text = "";
  for (let index = 0; index < bytes.length; ) {
    const length = [1, 2, 3, 4].find((size) => isCharacter(bytes.subarray(index, index + size)));
    text +=
      length === undefined
        ? String.fromCharCode(INVALID_BYTE_BASE + (bytes[index] ?? 0))
        : bytes.subarray(index, index + length).toString("utf8");
    index += length ?? 1;
  }
  return text;
}

function isCharacter(bytes: Buffer): boolean {
  const text = bytes.toString("utf8");
  return [...text].length === 1 && Buffer.from(text).equals(bytes);
}
