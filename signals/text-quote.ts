const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** A byte that is not valid UTF-8 is represented by a lone surrogate: U+DC00 plus the byte. */
export const INVALID_BYTE_BASE = 0xdc00;

/** Quotes a text as Go's `%q` does, so that messages equal Prometheus's. */
export function quoteText(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const named = NAMED_ESCAPES[character];
    if (named !== undefined) quoted += named;
    else if (code >= INVALID_BYTE_BASE && code <= INVALID_BYTE_BASE + 0xff)
      quoted += `\\x${(code - INVALID_BYTE_BASE).toString(16).padStart(2, "0")}`;
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else quoted += character;
  }
  return `${quoted}"`;
}
