import { Lexer } from "yaml";

const OPENING = new Set(["{", "["]);
const CLOSING = new Set(["}", "]"]);
/** In block style each of them may begin a part within the one before, on the same line: `- - ? a`. */
const BLOCK_INDICATORS = new Set(["-", "?", ":"]);

/**
 * Whether a YAML text nests parts in more than so many levels, by its tokens alone. A parser that is led into its
 * own stack's end by such a text takes seconds, most of them for collecting garbage.
 *
 * @remarks Levels that are made by indentation are not counted: each needs a line that is longer than the one before.
 */
export function isNestedDeeper(text: string, mostLevels: number): boolean {
  let flow = 0;
  let block = 0;
  for (const token of new Lexer().lex(text)) {
    if (OPENING.has(token)) flow += 1;
    else if (CLOSING.has(token)) flow = Math.max(0, flow - 1);
    else if (token.startsWith("\n") || token.startsWith("\r")) block = 0;
    else if (flow === 0 && BLOCK_INDICATORS.has(token)) block += 1;
    if (flow + block > mostLevels) return true;
  }
  return false;
}
