import type { AtModifier, Expr, TimeShift } from "./ast.ts";
import { onLastOperand } from "./last-operand.ts";
import { readNumber } from "./number-literal.ts";
import { PromqlError } from "./promql-error.ts";
import type { SyntaxNode } from "./syntax-node.ts";

/** Applies `offset` to the selector or subquery that it follows. */
export function shiftByOffset(expr: Expr, offsetMs: number, text: string): Expr {
  return shiftLast(expr, text, "offset", (shift) => ({ ...shift, offsetMs }));
}

/** Applies `@ <time>`, `@ start()` or `@ end()` to the selector or subquery that it follows. */
export function shiftByAt(expr: Expr, node: SyntaxNode, text: string): Expr {
  const at = readAt(node, text);
  return shiftLast(expr, text, "@", (shift) => ({ ...shift, at }));
}

function readAt(node: SyntaxNode, text: string): AtModifier {
  if (node.name === "AtModifierPreprocessors") {
    return { kind: node.firstChild?.name === "AtStart" ? "start" : "end" };
  }
  const seconds = readNumber(text.slice(node.from, node.to));
  if (seconds === undefined || !Number.isFinite(seconds)) {
    throw new PromqlError("promql-syntax", "timestamp out of bounds for @ modifier", text, node);
  }
  return { kind: "time", timeMs: Math.round(seconds * 1_000) };
}

function shiftLast(
  expr: Expr,
  text: string,
  modifier: "offset" | "@",
  change: (shift: TimeShift) => TimeShift,
): Expr {
  const checked = (shift: TimeShift): TimeShift => {
    if (modifier === "offset" ? shift.offsetMs !== 0 : shift.at !== null) {
      throw new PromqlError("promql-syntax", `${modifier} may not be set multiple times`, text, expr.span);
    }
    return change(shift);
  };
  return onLastOperand(expr, (operand) => {
    switch (operand.kind) {
      case "vector-selector":
      case "subquery":
        return { ...operand, shift: checked(operand.shift) };
      case "matrix-selector":
        return { ...operand, selector: { ...operand.selector, shift: checked(operand.selector.shift) } };
      default:
        throw new PromqlError(
          "promql-type",
          `${modifier} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
          text,
          operand.span,
        );
    }
  });
}
