/**
 * A line break within a secret, with what programs add around it: quotes, `+`, `\`,
 * indentation, terminal colors, also escaped as in JSON.
 */
const BREAK =
  /(?:["']?[ \t]{0,16}[+,\\=]?[ \t]{0,16}(?:\r?\n|\\{1,4}r?\\{0,4}n|%0d%0a|%0a)|(?:\p{Cc}|\\{1,4}(?:u001b|x1b|033|e)(?=\[))(?:\[[\d;]{0,12}[A-Za-z])?)/iuy;
/** Prefixes of continuation lines: indentation, quotation and comment marks. */
const LINE_PREFIX = /[ \t>|#]{0,64}/y;
/** Like a break, or the separators between the words of a passphrase and between listed bytes. */
const SEPARATOR =
  /(?:\s|(?:\p{Cc}|\\{1,4}(?:u001b|x1b|033|e)(?=\[))(?:\[[\d;]{0,12}[A-Za-z])?|\+|[:,_-]|0x|%(?:25){0,3}(?:20|0a|0d|09)|\\{1,4}[nrtx]|&#(?:10|13|32);|["'+\\=])/iuy;
/** An incomplete break or separator at the end of the text. */
const BEGUN = /[\s\p{Cc}"'+,\\=>|#:-]*$/uy;
const LONGEST_SEPARATOR = 128;
/** Characters that begin a separator or an escape; after any other, the text goes on with the next character. */
const BEGINS_SEPARATOR = /[\s\p{Cc}"'+,\\=:_\-%&0>|#]/u;
/** Characters that are a separator of their own, and begin no escape but the doubled quote, which means itself. */
const SINGLE_SEPARATOR = /[\s\p{Cc}"'+,:_-]/u;
/** The first characters of Unicode, which are nearly all of most texts: what the two patterns say of each. */
const TABLED = 0x80;
const tableOf = (pattern: RegExp): readonly boolean[] =>
  Array.from({ length: TABLED }, (_, code) => pattern.test(String.fromCharCode(code)));
const MAY_BEGIN_SEPARATOR = tableOf(BEGINS_SEPARATOR);
const IS_SINGLE_SEPARATOR = tableOf(SINGLE_SEPARATOR);
const NO_ENDS: readonly number[] = [];

/** Whether a character is a letter or a digit that begins no separator; `0x` may come between two bytes. */
export function isPlainAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 0x20;
  const isLetter = code >= 0x61 && code <= 0x7a;
  const isDigit = code >= 0x30 && code <= 0x39;
  return (isLetter || isDigit) && text[at + 1] !== "x" && text[at + 1] !== "X";
}

/** Whether neither a separator nor an escape begins here; false where only the patterns can tell. */
export function isOrdinaryAt(text: string, at: number): boolean {
  return MAY_BEGIN_SEPARATOR[text.charCodeAt(at)] === false;
}

/** Where characters end that are separators by themselves, and of which none begins an escape. */
export function singleSeparatorsEnd(text: string, from: number): number {
  let end = from;
  while (IS_SINGLE_SEPARATOR[text.charCodeAt(end)] === true) end++;
  return end;
}

/** Whether the text may end within a separator that begins here. */
export function isBegunSeparator(text: string, at: number): boolean {
  if (text.length - at >= LONGEST_SEPARATOR) return false;
  BEGUN.lastIndex = at;
  return BEGUN.test(text);
}

/**
 * Where a separator that begins here may end: at the end of the line, after the next line's prefix, after a
 * quote.
 *
 * @param isLoose Whether it may be any separator, and not only a line break.
 */
export function separatorEnds(text: string, at: number, isLoose: boolean): readonly number[] {
  if (isPlainAt(text, at)) return NO_ENDS;
  return [BREAK, ...(isLoose ? [SEPARATOR] : [])].flatMap((pattern) => {
    const end = matchEnd(pattern, text, at);
    if (end === at) return [];
    const prefixed = pattern === BREAK ? matchEnd(LINE_PREFIX, text, end) : end;
    const quoted = text[prefixed] === '"' || text[prefixed] === "'" ? [prefixed + 1] : [];
    return [...new Set([end, prefixed, ...quoted])];
  });
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}
