import type { Binary, Expr, Grouping, Span, VectorMatching } from "./ast.ts";
import { reasonLeftOut } from "./functions/registry.ts";
import { onLastOperand } from "./last-operand.ts";
import { lowerDurationMs } from "./lower-duration.ts";
import { lowerSelector } from "./lower-selector.ts";
import { readNumber } from "./number-literal.ts";
import { PromqlError } from "./promql-error.ts";
import { unquote } from "./string-literal.ts";
import { childNodes, type SyntaxNode } from "./syntax-node.ts";
import { shiftByAt, shiftByOffset } from "./time-shift.ts";

type Lower = (node: SyntaxNode, text: string) => Expr;

const LOWER: Readonly<Record<string, Lower>> = {
  NumberDurationLiteral: lowerNumber,
  StringLiteral: lowerString,
  VectorSelector: lowerSelector,
  ParenExpr: (node, text) => ({
    kind: "paren",
    span: spanOf(node),
    expr: lowerExpr(onlyChild(node, text), text),
  }),
  UnaryExpr: lowerUnary,
  BinaryExpr: lowerBinary,
  FunctionCall: lowerCall,
  AggregateExpr: lowerAggregation,
  MatrixSelector: lowerMatrix,
  SubqueryExpr: lowerSubquery,
  OffsetExpr: (node, text) => {
    const [inner, , offset] = childNodes(node);
    return shiftByOffset(
      lowerExpr(must(inner, node, text), text),
      lowerDurationMs(must(offset, node, text), text),
      text,
    );
  },
  StepInvariantExpr: (node, text) => {
    const [inner, , at] = childNodes(node);
    return shiftByAt(lowerExpr(must(inner, node, text), text), must(at, node, text), text);
  },
  AnchoredExpr: (node, text) => unsupported("the experimental modifier anchored", node, text),
  SmoothedExpr: (node, text) => unsupported("the experimental modifier smoothed", node, text),
};

/** Converts a node of the syntax tree to an expression. */
export function lowerExpr(node: SyntaxNode, text: string): Expr {
  const lower = LOWER[node.name];
  if (lower === undefined) return unsupported(node.name, node, text);
  return lower(node, text);
}

function spanOf(node: SyntaxNode): Span {
  return { from: node.from, to: node.to };
}

function must(node: SyntaxNode | undefined, parent: SyntaxNode, text: string): SyntaxNode {
  if (node === undefined)
    throw new PromqlError("promql-syntax", "incomplete expression", text, spanOf(parent));
  return node;
}

function onlyChild(node: SyntaxNode, text: string): SyntaxNode {
  return must(childNodes(node)[0], node, text);
}

function unsupported(what: string, node: SyntaxNode, text: string): never {
  throw new PromqlError("promql-unsupported", `${what} is not supported`, text, spanOf(node));
}

function lowerNumber(node: SyntaxNode, text: string): Expr {
  const literal = text.slice(node.from, node.to);
  const value = readNumber(literal);
  if (value === undefined) {
    throw new PromqlError("promql-syntax", `bad number or duration ${literal}`, text, spanOf(node));
  }
  return { kind: "number", span: spanOf(node), value };
}

function lowerString(node: SyntaxNode, text: string): Expr {
  const value = unquote(text.slice(node.from, node.to));
  if (value === undefined) throw new PromqlError("promql-syntax", "bad string literal", text, spanOf(node));
  return { kind: "string", span: spanOf(node), value };
}

function lowerUnary(node: SyntaxNode, text: string): Expr {
  const [operator, operand] = childNodes(node);
  return {
    kind: "unary",
    span: spanOf(node),
    operator: text.charAt(must(operator, node, text).from) === "-" ? "-" : "+",
    operand: lowerExpr(must(operand, node, text), text),
  };
}

const MATCHING: VectorMatching = { cardinality: "one-to-one", on: false, labels: [], include: [] };
const SET_OPERATORS = new Set(["and", "or", "unless"]);

function lowerBinary(node: SyntaxNode, text: string): Expr {
  const parts = childNodes(node);
  const left = must(parts[0], node, text);
  const operatorNode = must(parts[1], node, text);
  const operator = text.slice(operatorNode.from, operatorNode.to).toLowerCase();
  if (operator === "</" || operator === ">/")
    unsupported(`the histogram operator ${operator}`, operatorNode, text);
  if (parts.some((part) => part.name === "FillModifier"))
    unsupported("the experimental modifier fill", node, text);
  const clause = parts.find((part) => part.name === "MatchingModifierClause");
  const matching = clause === undefined ? MATCHING : lowerMatching(clause, text);
  const binary: Binary = {
    kind: "binary",
    span: spanOf(node),
    operator,
    left: lowerExpr(left, text),
    right: lowerExpr(must(parts.at(-1), node, text), text),
    returnBool: parts.some((part) => part.name === "BoolModifier"),
    matching:
      SET_OPERATORS.has(operator) && matching.cardinality === "one-to-one"
        ? { ...matching, cardinality: "many-to-many" }
        : matching,
  };
  return operator === "^" ? negateWholePower(binary, text) : binary;
}

/** `-1^2` is `-(1^2)`: the grammar reads the sign as part of the number, the language does not. */
function negateWholePower(binary: Binary, text: string): Expr {
  const { left } = binary;
  const sign = text.charAt(left.span.from);
  if (left.kind !== "number" || (sign !== "-" && sign !== "+")) return binary;
  const value = sign === "-" ? -left.value : left.value;
  return {
    kind: "unary",
    span: binary.span,
    operator: sign,
    operand: { ...binary, left: { ...left, value } },
  };
}

function lowerMatching(clause: SyntaxNode, text: string): VectorMatching {
  const parts = childNodes(clause);
  const side = parts.findIndex((part) => part.name === "GroupLeft" || part.name === "GroupRight");
  const include = side === -1 ? undefined : parts[side + 1];
  return {
    cardinality:
      side === -1 ? "one-to-one" : parts[side]?.name === "GroupLeft" ? "many-to-one" : "one-to-many",
    on: parts[0]?.name === "On",
    labels: parts[1] === undefined ? [] : lowerLabels(parts[1], text),
    include: include === undefined ? [] : lowerLabels(include, text),
  };
}

/** Keywords that Prometheus's parser does not accept as a label, although it accepts its other keywords. */
const NOT_A_LABEL = /^(?:without|inf|nan)$/i;

function lowerLabels(node: SyntaxNode, text: string): readonly string[] {
  return childNodes(node).map((label) => {
    const written = text.slice(label.from, label.to);
    if (label.name === "QuotedLabelName") return unquote(written) ?? written;
    if (NOT_A_LABEL.test(written))
      throw new PromqlError("promql-syntax", `unexpected "${written}" in grouping opts`, text, spanOf(label));
    return written;
  });
}

function lowerCall(node: SyntaxNode, text: string): Expr {
  const [identifier, body] = childNodes(node);
  const name = text.slice(must(identifier, node, text).from, must(identifier, node, text).to);
  // Checked before its arguments, which may contain types that only this function accepts.
  const leftOut = reasonLeftOut(name);
  if (leftOut !== undefined) return unsupported(leftOut, node, text);
  return {
    kind: "call",
    span: spanOf(node),
    name,
    args: childNodes(must(body, node, text)).map((arg) => lowerExpr(arg, text)),
  };
}

function lowerAggregation(node: SyntaxNode, text: string): Expr {
  const parts = childNodes(node);
  const operatorNode = must(parts[0], node, text);
  const operator = text.slice(operatorNode.from, operatorNode.to).toLowerCase();
  const modifier = parts.find((part) => part.name === "AggregateModifier");
  const body = parts.find((part) => part.name === "FunctionCallBody");
  const args = childNodes(must(body, node, text)).map((arg) => lowerExpr(arg, text));
  const [first, second] = args;
  if (first === undefined || args.length > 2) {
    throw new PromqlError(
      "promql-type",
      `wrong number of arguments for aggregate expression ${operator}, got ${args.length}`,
      text,
      spanOf(node),
    );
  }
  return {
    kind: "aggregation",
    span: spanOf(node),
    operator,
    param: second === undefined ? null : first,
    expr: second ?? first,
    grouping: modifier === undefined ? { without: false, labels: [] } : lowerGrouping(modifier, text),
  };
}

function lowerGrouping(modifier: SyntaxNode, text: string): Grouping {
  const [kind, labels] = childNodes(modifier);
  return {
    without: kind?.name === "Without",
    labels: labels === undefined ? [] : lowerLabels(labels, text),
  };
}

function lowerMatrix(node: SyntaxNode, text: string): Expr {
  const [inner, range] = childNodes(node);
  const rangeMs = lowerDurationMs(must(range, node, text), text);
  const expr = lowerExpr(must(inner, node, text), text);
  return onLastOperand(expr, (operand) => {
    if (operand.kind !== "vector-selector") {
      throw new PromqlError("promql-type", "ranges only allowed for vector selectors", text, spanOf(node));
    }
    if (operand.shift.offsetMs !== 0 || operand.shift.at !== null) {
      throw new PromqlError("promql-type", "no offset modifiers allowed before range", text, spanOf(node));
    }
    return {
      kind: "matrix-selector",
      span: { from: operand.span.from, to: node.to },
      selector: operand,
      rangeMs,
    };
  });
}

function lowerSubquery(node: SyntaxNode, text: string): Expr {
  const [inner, range, step] = childNodes(node);
  const rangeMs = lowerDurationMs(must(range, node, text), text);
  const stepMs = step === undefined ? null : lowerDurationMs(step, text);
  return onLastOperand(lowerExpr(must(inner, node, text), text), (operand) => ({
    kind: "subquery",
    span: { from: operand.span.from, to: node.to },
    expr: operand,
    rangeMs,
    stepMs,
    shift: { offsetMs: 0, at: null },
  }));
}
