import { METRIC_NAME } from "../labels.ts";

const PAIR = /\s*(?:([a-zA-Z_][a-zA-Z0-9_]*)|"((?:[^"\\]|\\.)*)")\s*(?:=\s*"((?:[^"\\]|\\.)*)")?\s*(,|$)/y;

/**
 * Reads `a="b", "quoted name"="c"` as the text format writes it between braces. A quoted text without a value is
 * the metric name (UTF-8 names). Returns undefined when something else stands there.
 */
export function readLabelPairs(text: string): [string, string][] | undefined {
  const pairs: [string, string][] = [];
  PAIR.lastIndex = 0;
  let position = 0;
  while (position < text.length && text.slice(position).trim() !== "") {
    PAIR.lastIndex = position;
    const match = PAIR.exec(text);
    if (match === null) return undefined;
    const [, plain, quoted, value] = match;
    if (value !== undefined) pairs.push([plain ?? unescaped(quoted ?? ""), unescaped(value)]);
    else if (quoted !== undefined) pairs.push([METRIC_NAME, unescaped(quoted)]);
    else return undefined;
    position = PAIR.lastIndex;
  }
  return pairs;
}

/** Writes a label value as the text format wants it. */
export function escapeLabelValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (whole, character: string) => {
    if (character === "n") return "\n";
    return character === "\\" || character === '"' ? character : whole;
  });
}
