import { parser } from "@prometheus-io/lezer-promql";
import type { Expr, ValueType } from "./ast.ts";
import { checkTypes } from "./check-types.ts";
import { reasonLeftOut } from "./functions/registry.ts";
import { grammarText } from "./grammar-text.ts";
import { lowerExpr } from "./lower-expr.ts";
import { PromqlError } from "./promql-error.ts";
import type { SyntaxNode } from "./syntax-node.ts";

/**
 * Parses a PromQL expression with Prometheus's own grammar, and checks its types as Prometheus does.
 *
 * @throws PromqlError with the position: `promql-syntax`, `promql-type`, or `promql-unsupported` for native
 * histogram functions and experimental parts of the language.
 */
export function parsePromql(expression: string): Expr {
  const tree = parser.parse(grammarText(expression));
  const top = tree.topNode;
  refuseDepth(top, expression);
  refuseErrors(top, expression);
  const body = top.firstChild;
  const first = body !== null && body.name === "LineComment" ? nextExpr(body) : body;
  if (first === null) {
    throw new PromqlError("promql-syntax", "no expression found in input", expression, { from: 0, to: 0 });
  }
  const expr = lowerExpr(first, expression);
  checkTypes(expr, expression);
  return expr;
}

/** What a parsed expression returns. */
export function typeOfPromql(expr: Expr, expression: string): ValueType {
  return checkTypes(expr, expression);
}

function nextExpr(node: SyntaxNode): SyntaxNode | null {
  let next = node.nextSibling;
  while (next !== null && next.name === "LineComment") next = next.nextSibling;
  return next;
}

/** No hand-written expression is nested deeper than this, and parsing it would overflow the stack. */
const MAX_DEPTH = 2_000;

function refuseDepth(top: SyntaxNode, expression: string): void {
  let depth = 0;
  top.cursor().iterate(
    ({ from, to }) => {
      depth++;
      if (depth <= MAX_DEPTH) return;
      const reason = `parse error: an expression nested deeper than ${MAX_DEPTH} levels`;
      throw new PromqlError("promql-syntax", reason, expression, { from, to });
    },
    () => {
      depth--;
    },
  );
}

function refuseErrors(top: SyntaxNode, expression: string): void {
  const cursor = top.cursor();
  do {
    if (!cursor.type.isError) continue;
    refuseDurationFunction(expression, cursor.from);
    refuseUnknownFunction(expression, cursor.from);
    const rest = expression.slice(cursor.from).trimStart();
    const reason =
      rest === "" ? "unexpected end of input" : `unexpected ${JSON.stringify(rest.slice(0, 20))}`;
    throw new PromqlError("promql-syntax", `parse error: ${reason}`, expression, cursor);
  } while (cursor.next());
}

/** Functions in durations are experimental; the grammar knows them in lower case only. */
function refuseDurationFunction(expression: string, position: number): void {
  const name = /^\s*(step|range|min|max|min_of|max_of)\s*\(/i.exec(expression.slice(position))?.[1];
  if (name === undefined || !/(?:\[|\boffset\b)[^[\]]*$/i.test(expression.slice(0, position))) return;
  const reason = `the duration ${name.toLowerCase()} is not supported`;
  throw new PromqlError("promql-unsupported", reason, expression, {
    from: position,
    to: position + name.length,
  });
}

/** The grammar has a list of functions, so a call of any other is an error at its parenthesis. */
function refuseUnknownFunction(expression: string, position: number): void {
  const name = /[a-zA-Z_]\w*(?=\s*$)/.exec(expression.slice(0, position));
  if (name === null || !expression.slice(position).trimStart().startsWith("(")) return;
  const span = { from: name.index, to: name.index + name[0].length };
  const leftOut = reasonLeftOut(name[0]);
  if (leftOut !== undefined)
    throw new PromqlError("promql-unsupported", `${leftOut} is not supported`, expression, span);
  throw new PromqlError("promql-type", `unknown function with name "${name[0]}"`, expression, span);
}
