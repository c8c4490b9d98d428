import { METRIC_NAME } from "../labels.ts";
import { createMatcher, type Matcher, type MatchOperator } from "../matcher.ts";
import type { Expr } from "./ast.ts";
import { PromqlError } from "./promql-error.ts";
import { unquote } from "./string-literal.ts";
import { childNodes, type SyntaxNode } from "./syntax-node.ts";

/** Reads `name{label="value"}` and `{"quoted name", label="value"}`. */
export function lowerSelector(node: SyntaxNode, text: string): Expr {
  const matchers: Matcher[] = [];
  if (/^atan2\b/i.test(text.slice(node.from, node.to)))
    throw new PromqlError("promql-syntax", "parse error: unexpected <op:atan2>", text, node);
  for (const part of childNodes(node)) {
    if (part.name === "Identifier")
      matchers.push(createMatcher(METRIC_NAME, "=", text.slice(part.from, part.to)));
    else for (const matcher of childNodes(part)) matchers.push(lowerMatcher(matcher, text));
  }
  const names = matchers.filter(({ name }) => name === METRIC_NAME);
  if (node.firstChild?.name === "Identifier" && names.length > 1) {
    throw new PromqlError("promql-syntax", "metric name must not be set twice", text, node);
  }
  if (matchers.every((matcher) => matcher.matches(""))) {
    throw new PromqlError(
      "promql-syntax",
      "vector selector must contain at least one non-empty matcher",
      text,
      node,
    );
  }
  return {
    kind: "vector-selector",
    span: { from: node.from, to: node.to },
    matchers,
    shift: { offsetMs: 0, at: null },
  };
}

function lowerMatcher(node: SyntaxNode, text: string): Matcher {
  if (node.name === "QuotedLabelName") return createMatcher(METRIC_NAME, "=", unquoted(node, text));
  const [name, operator, value] = childNodes(node);
  if (name === undefined || operator === undefined || value === undefined) {
    throw new PromqlError("promql-syntax", "incomplete label matcher", text, node);
  }
  const label = name.name === "QuotedLabelName" ? unquoted(name, text) : text.slice(name.from, name.to);
  const written = text.slice(operator.from, operator.to) as MatchOperator;
  try {
    return createMatcher(label, written, unquoted(value, text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PromqlError("promql-syntax", reason, text, value);
  }
}

function unquoted(node: SyntaxNode, text: string): string {
  const value = unquote(text.slice(node.from, node.to));
  if (value === undefined) throw new PromqlError("promql-syntax", "bad string literal", text, node);
  return value;
}
