import { METRIC_NAME } from "../labels.ts";

// A comma after a pair is optional; a value may contain line feeds.
const PAIR =
  /[ \t]*(?:([a-zA-Z_][a-zA-Z0-9_]*)|"((?:[^"\\]|\\.)*)")[ \t]*(?:=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,?)|(,|$))/y;

/**
 * Reads `a="b", "quoted name"="c"` between braces in the text formats, with or without commas, as Prometheus
 * accepts it. A quoted text without a value is the metric name (UTF-8 names), and there is at most one.
 * Returns undefined for anything else.
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

/** Escapes a label value for the text format. */
export function escapeLabelValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (whole, character: string) => {
    if (character === "n") return "\n";
    return character === "\\" || character === '"' ? character : whole;
  });
}
