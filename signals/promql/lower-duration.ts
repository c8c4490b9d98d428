import { readNumber } from "./number-literal.ts";
import { PromqlError } from "./promql-error.ts";
import { childNodes, type SyntaxNode } from "./syntax-node.ts";

/** Prometheus stores durations as nanoseconds in 64 bits. */
const LONGEST_SECONDS = 2 ** 63 / 1e9;

/**
 * Converts a duration of the syntax tree to milliseconds: a literal (a bare number is in seconds), with signs
 * and parentheses. Arithmetic on durations is experimental in Prometheus and refused.
 */
export function lowerDurationMs(node: SyntaxNode, text: string): number {
  const children = childNodes(node);
  const [first, second] = children;
  if (first === undefined) return literalMs(node, text);
  if (children.length === 1) return lowerDurationMs(first, text);
  if (children.length === 2 && first.name === "UnaryOp" && second !== undefined) {
    return (text.charAt(first.from) === "-" ? -1 : 1) * lowerDurationMs(second, text);
  }
  throw new PromqlError("promql-unsupported", "arithmetic on durations is not supported", text, node);
}

function literalMs(node: SyntaxNode, text: string): number {
  const literal = text.slice(node.from, node.to);
  if (/^(?:step|range|min_of|max_of)$/.test(literal) || node.name.startsWith("Duration")) {
    throw new PromqlError("promql-unsupported", `the duration ${literal} is not supported`, text, node);
  }
  const seconds = readNumber(literal);
  if (seconds === undefined || !Number.isFinite(seconds)) {
    throw new PromqlError("promql-syntax", `bad duration ${literal}`, text, node);
  }
  if (Math.abs(seconds) > LONGEST_SECONDS)
    throw new PromqlError("promql-syntax", "duration out of range", text, node);
  return Math.round(seconds * 1_000);
}
