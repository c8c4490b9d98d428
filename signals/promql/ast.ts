import type { Matcher } from "../matcher.ts";

/** The position of a part in the expression's text, as offsets. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type ValueType = "scalar" | "string" | "vector" | "matrix";

/** The `@` modifier: a fixed time, or the start or end of the query's range. */
export type AtModifier =
  | { readonly kind: "time"; readonly timeMs: number }
  | { readonly kind: "start" }
  | { readonly kind: "end" };

/** The effect of `offset` and `@` on a selector or subquery. */
export interface TimeShift {
  readonly offsetMs: number;
  readonly at: AtModifier | null;
}

interface NumberLiteral {
  readonly kind: "number";
  readonly span: Span;
  readonly value: number;
}

interface StringLiteral {
  readonly kind: "string";
  readonly span: Span;
  readonly value: string;
}

export interface VectorSelector {
  readonly kind: "vector-selector";
  readonly span: Span;
  readonly matchers: readonly Matcher[];
  readonly shift: TimeShift;
}

export interface MatrixSelector {
  readonly kind: "matrix-selector";
  readonly span: Span;
  readonly selector: VectorSelector;
  readonly rangeMs: number;
}

export interface Subquery {
  readonly kind: "subquery";
  readonly span: Span;
  readonly expr: Expr;
  readonly rangeMs: number;
  /** Null: the default resolution. */
  readonly stepMs: number | null;
  readonly shift: TimeShift;
}

interface Paren {
  readonly kind: "paren";
  readonly span: Span;
  readonly expr: Expr;
}

export interface Unary {
  readonly kind: "unary";
  readonly span: Span;
  readonly operator: "+" | "-";
  readonly operand: Expr;
}

export interface Call {
  readonly kind: "call";
  readonly span: Span;
  readonly name: string;
  readonly args: readonly Expr[];
}

/** How an aggregation forms its groups. */
export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export interface Aggregation {
  readonly kind: "aggregation";
  readonly span: Span;
  readonly operator: string;
  readonly param: Expr | null;
  readonly expr: Expr;
  readonly grouping: Grouping;
}

/** How the two sides of a binary operation are matched. */
export interface VectorMatching {
  readonly cardinality: "one-to-one" | "many-to-one" | "one-to-many" | "many-to-many";
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly include: readonly string[];
}

export interface Binary {
  readonly kind: "binary";
  readonly span: Span;
  readonly operator: string;
  readonly left: Expr;
  readonly right: Expr;
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

/** A parsed PromQL expression. */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Paren
  | Unary
  | Call
  | Aggregation
  | Binary;

/** The expressions directly inside one. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "number":
    case "string":
    case "vector-selector":
      return [];
    case "matrix-selector":
      return [expr.selector];
    case "subquery":
    case "paren":
      return [expr.expr];
    case "unary":
      return [expr.operand];
    case "call":
      return expr.args;
    case "aggregation":
      return expr.param === null ? [expr.expr] : [expr.param, expr.expr];
    case "binary":
      return [expr.left, expr.right];
  }
}

/** Every selector in an expression. */
export function selectorsOf(expr: Expr): readonly VectorSelector[] {
  if (expr.kind === "vector-selector") return [expr];
  return childrenOf(expr).flatMap(selectorsOf);
}

/** The expression inside any number of parentheses. */
export function unwrapParens(expr: Expr): Expr {
  return expr.kind === "paren" ? unwrapParens(expr.expr) : expr;
}
