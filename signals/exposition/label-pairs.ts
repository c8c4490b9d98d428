import { METRIC_NAME } from "../labels.ts";

// A comma may follow any pair, and need not; a value may hold line feeds.
const PAIR =
  /[ \t]*(?:([a-zA-Z_][a-zA-Z0-9_]*)|"((?:[^"\\]|\\.)*)")[ \t]*(?:=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,?)|(,|$))/y;

/**
 * Reads `a="b", "quoted name"="c"` as the text formats write it between braces, with commas or without, as Prometheus
 * takes it. A quoted text without a value is the metric name (UTF-8 names), and there is one at most. Returns
 * undefined when something else stands there.
 */
export function readLabelPairs(text: string): [string, string][] | undefined {
  const pairs: [string, string][] = [];
  let hasName = false;
  let position = 0;
  while (/[^ \t]/.test(text.slice(position))) {
    PAIR.lastIndex = position;
    const match = PAIR.exec(text);
    if (match === null) return undefined;
    const [, plain, quoted, value] = match;
    if (value !== undefined) pairs.push([plain ?? unescaped(quoted ?? ""), unescaped(value)]);
    else if (quoted === undefined || hasName) return undefined;
    else {
      hasName = true;
      pairs.push([METRIC_NAME, unescaped(quoted)]);
    }
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
