/** Letters, marks, numbers, punctuation, symbols and the plain space: what a reader sees as it is. */
const VISIBLE = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/**
 * The name of a file as text: what is no visible character is escaped (`\u{a}`), and so is each byte of a name that is
 * no UTF-8 (`\xff`). Different names are different texts, and none of them writes a line of its own.
 */
export function escapeName(name: Buffer): string {
  const text = name.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(name)) {
    return Array.from(name, (byte) =>
      isPlainByte(byte) ? String.fromCharCode(byte) : escapedByte(byte),
    ).join("");
  }
  return Array.from(text, (character) =>
    character !== "\\" && VISIBLE.test(character) ? character : escapedCharacter(character),
  ).join("");
}

/** An escaped path as it stands in a sentence: in quotes, unless it is as plain as most are. */
export function shownPath(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `"${path}"`;
}

function isPlainByte(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
}

function escapedByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

function escapedCharacter(character: string): string {
  return character === "\\" ? "\\\\" : `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
