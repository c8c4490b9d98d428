import { removeControls } from "../reports/index.ts";

const ESCAPE = "\u001b";
/** The colors of kanit's own reports. */
const STYLE = new RegExp(`(${ESCAPE}\\[\\d{1,2}(?:;\\d{1,2})?m)`);

/**
 * Returns a text as it may reach the terminal: without control characters and escape sequences, which may come from a
 * platform or a venue, except line feeds, tabs and kanit's own colors.
 */
export function terminalText(text: string): string {
  return text
    .split(STYLE)
    .map((part, index) => (index % 2 === 1 ? part : removeControls(part)))
    .join("");
}
