/**
 * Literal pieces of a pattern with anything between them: `a.*b` is ["a", "b"], with one gap of at least 0.
 */
interface Pieces {
  readonly literals: readonly string[];
  /** The least number of characters in the gap after each literal but the last. */
  readonly leastGaps: readonly number[];
}

/** A pattern's outer parentheses, when they hold no others. */
const ONE_GROUP = /^\((?:\?:)?([^()[\]\\]*)\)$/;
const SPECIAL = new Set("*+?{}()[]^$");

/**
 * The test for a pattern that consists only of texts, `.*`, `.+` and `|`, as most matchers in rules do;
 * undefined for any other. The whole text must match. Both kinds of test take time proportional to the text.
 */
export function simplePattern(source: string): ((text: string) => boolean) | undefined {
  const alternatives = readAlternatives(ONE_GROUP.exec(source)?.[1] ?? source);
  if (alternatives === undefined) return undefined;
  const texts = new Set<string>();
  const withGaps: Pieces[] = [];
  for (const pieces of alternatives) {
    if (pieces.leastGaps.length === 0) texts.add(pieces.literals[0] ?? "");
    else withGaps.push(pieces);
  }
  if (withGaps.length === 0) return (text) => texts.has(text);
  return (text) => texts.has(text) || withGaps.some((pieces) => matchesPieces(pieces, text));
}

function readAlternatives(source: string): readonly Pieces[] | undefined {
  const alternatives: Pieces[] = [];
  let literals: string[] = [];
  let leastGaps: number[] = [];
  let literal = "";
  const endAlternative = () => {
    alternatives.push({ literals: [...literals, literal], leastGaps });
    literals = [];
    leastGaps = [];
    literal = "";
  };
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index);
    const next = source.charAt(index + 1);
    if (character === "|") endAlternative();
    else if (character === "\\") {
      // A backslash makes only punctuation literal.
      if (!/[!-/:-@[-`{-~]/.test(next)) return undefined;
      literal += next;
      index++;
    } else if (character === ".") {
      if (next !== "*" && next !== "+") return undefined;
      literals.push(literal);
      leastGaps.push(next === "+" ? 1 : 0);
      literal = "";
      index++;
    } else if (SPECIAL.has(character)) return undefined;
    else literal += character;
  }
  endAlternative();
  return alternatives;
}

/** Each literal is matched at its first occurrence, which leaves the most text for the rest. */
function matchesPieces({ literals, leastGaps }: Pieces, text: string): boolean {
  const first = literals[0] as string;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (let index = 1; index < literals.length - 1; index++) {
    const from = position + (leastGaps[index - 1] as number);
    const found = text.indexOf(literals[index] as string, from);
    // Beyond the text's end, indexOf finds the empty literal at the end.
    if (found < from) return false;
    position = found + (literals[index] as string).length;
  }
  const last = literals.at(-1) as string;
  return text.length - last.length >= position + (leastGaps.at(-1) as number) && text.endsWith(last);
}
