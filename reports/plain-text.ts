/**
 * Removes what must not reach a terminal, an XML file or a table cell: escape sequences, control characters
 * (line feeds and tabs become spaces), lone surrogates and the two noncharacters that XML 1.0 forbids.
 */
export function toOneLine(text: string): string {
  return removeBreaks(text).replace(/ +/g, " ").trim();
}

/** Like `toOneLine`, but keeps the number of blanks, for lines of a table. */
export function removeBreaks(text: string): string {
  return removeControls(text).replace(/\s/g, " ");
}

/** Like `toOneLine`, but keeps line feeds and tabs. */
export function removeControls(text: string): string {
  return text.toWellFormed().replace(ANSI_SEQUENCE, "").replace(CONTROL, "");
}

/** Truncates a line to a number of characters, with an ellipsis as the last one. */
export function cutTo(text: string, columns: number): string {
  return text.length <= columns
    ? text
    : `${text
        .slice(0, Math.max(0, columns - 1))
        .toWellFormed()
        .trimEnd()}…`;
}

const ESCAPE = "\u001b";
const BELL = "\u0007";
/** Colors and cursor movements, and sequences that set a window's title or a link. */
const ANSI_SEQUENCE = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\))`,
  "g",
);
const CONTROL = /[[\p{Control}\u{fffe}\u{ffff}]--[\n\t]]/gv;
