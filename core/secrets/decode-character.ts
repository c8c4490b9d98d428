/** A possible reading of a character in a text, and where the next one begins. */
export interface DecodedCharacter {
  /** In lower case. */
  readonly character: string;
  readonly end: number;
}

/** The longest supported escape of one character; a text that ends within one may continue. */
export const LONGEST_ESCAPE = 16;

const ESCAPE_STARTS: ReadonlySet<string> = new Set(["%", "\\", "&", "=", '"', "'"]);
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  sol: "/",
  ...{ ast: "*", bsol: "\\", colon: ":", comma: ",", commat: "@", dollar: "$", equals: "=", excl: "!" },
  ...{ grave: "`", hyphen: "-", lowbar: "_", lpar: "(", num: "#", percnt: "%", period: ".", plus: "+" },
  ...{ quest: "?", rpar: ")", semi: ";", verbar: "|", vert: "|", nbsp: " ", tab: "\t", newline: "\n" },
  ...{ lbrack: "[", lsqb: "[", rbrack: "]", rsqb: "]", lbrace: "{", lcub: "{", rbrace: "}", rcub: "}" },
};

interface Escape {
  readonly pattern: RegExp;
  readonly meaning: (digits: string) => string;
}

const codePoint = (radix: number) => (digits: string) => {
  const code = Number.parseInt(digits, radix);
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : "";
};
const hexadecimal = codePoint(16);

/**
 * How a character is escaped in URLs, CSV and SQL, mails, HTML, JSON and its logs, and C-like texts; each any
 * number of times.
 */
const ESCAPES: Readonly<Record<string, readonly Escape[]>> = {
  "%": [{ pattern: /%(?:25){0,3}([0-9a-f]{2})/iy, meaning: hexadecimal }],
  '"': [{ pattern: /"(")/y, meaning: (quote) => quote }],
  "'": [{ pattern: /'(')/y, meaning: (quote) => quote }],
  "=": [{ pattern: /=([0-9a-f]{2})/iy, meaning: hexadecimal }],
  "&": [
    { pattern: /&(?:amp;){0,2}#(\d{1,7});/iy, meaning: codePoint(10) },
    { pattern: /&(?:amp;){0,2}#x([0-9a-f]{1,6});/iy, meaning: hexadecimal },
    { pattern: /&(?:amp;){0,2}([a-z]{2,8});/iy, meaning: (name) => NAMED[name.toLowerCase()] ?? "" },
  ],
  "\\": [
    { pattern: /\\{1,4}u([0-9a-f]{4})/iy, meaning: hexadecimal },
    { pattern: /\\{1,4}u\{([0-9a-f]{1,6})\}/iy, meaning: hexadecimal },
    { pattern: /\\{1,4}x([0-9a-f]{2})/iy, meaning: hexadecimal },
    { pattern: /\\{1,4}x\{([0-9a-f]{1,6})\}/iy, meaning: hexadecimal },
    // In style sheets a space ends the digits.
    { pattern: /\\([0-9a-f]{1,6})[ \t\r\n]?/iy, meaning: hexadecimal },
    { pattern: /\\{1,4}([0-7]{3})/y, meaning: codePoint(8) },
    { pattern: /\\(.)/sy, meaning: (character) => character },
    { pattern: /\\{1,8}(.)/sy, meaning: (character) => character },
  ],
};

/** Whether an escape may begin with this character. */
export function startsEscape(character: string): boolean {
  return ESCAPE_STARTS.has(character);
}

/** The possible readings of the text at this place, besides the literal one. */
export function decodingsAt(text: string, position: number): readonly DecodedCharacter[] {
  const start = text[position] ?? "";
  // Quotes are frequent; only a doubled one is an escape.
  if ((start === '"' || start === "'") && text[position + 1] !== start) return [];
  return (ESCAPES[start] ?? []).flatMap(({ pattern, meaning }) => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    const character = match === null ? "" : meaning(match[1] ?? "");
    return match === null || character === ""
      ? []
      : [{ character: character.toLowerCase(), end: position + match[0].length }];
  });
}
