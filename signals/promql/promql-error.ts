import { EXIT_CODE, KanitError } from "../../core/index.ts";
import type { Span } from "./ast.ts";

export type PromqlErrorCode =
  | "promql-syntax"
  | "promql-type"
  | "promql-unsupported"
  | "promql-evaluation"
  | "promql-limit";

/** An error in a PromQL expression: its message, the expression, and the position. */
export class PromqlError extends KanitError {
  override readonly name = "PromqlError";
  readonly expression: string;
  readonly span: Span;
  /** The error's message alone, in Prometheus's words where it has some. */
  readonly reason: string;
  /** Line and column in the expression, from one. */
  readonly position: string;

  constructor(code: PromqlErrorCode, reason: string, expression: string, span: Span) {
    super({
      code,
      message: `PromQL ${formatPosition(expression, span.from)}: ${reason}, in ${JSON.stringify(shortened(expression))}.`,
      nextStep: NEXT_STEPS[code],
      exitCode: EXIT_CODE.usage,
    });
    this.reason = reason;
    this.expression = expression;
    this.span = span;
    this.position = formatPosition(expression, span.from);
  }
}

/** An expression can be of any length, but an error message is one line. */
function shortened(expression: string): string {
  return expression.length > MAX_QUOTED_LENGTH ? `${expression.slice(0, MAX_QUOTED_LENGTH)}…` : expression;
}

const MAX_QUOTED_LENGTH = 1_000;

const NEXT_STEPS: Readonly<Record<PromqlErrorCode, string>> = {
  "promql-syntax": "Correct the expression at that position.",
  "promql-type": "Correct the expression at that position.",
  "promql-unsupported":
    "Write the expression without it; native histograms and experimental features are not supported.",
  "promql-limit": "Query fewer series, a shorter range or a longer step.",
  "promql-evaluation": "Change the expression so that it is valid for the series that it selects.",
};

/** A position as Prometheus prints it: line and column, from one. */
export function formatPosition(expression: string, offset: number): string {
  const before = expression.slice(0, offset);
  const line = before.split("\n").length;
  return `${line}:${offset - before.lastIndexOf("\n")}`;
}
