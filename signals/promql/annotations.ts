import type { Span } from "./ast.ts";
import { formatPosition } from "./promql-error.ts";

/** Prometheus's two kinds of annotations on a query; neither changes the result. */
export type AnnotationLevel = "info" | "warning";

/** The annotations that a query has collected, each once. */
export class Annotations {
  readonly infos = new Set<string>();
  readonly warnings = new Set<string>();
  readonly #expression: string;

  constructor(expression: string) {
    this.#expression = expression;
  }

  /** Adds an annotation about one part of the expression. */
  add(level: AnnotationLevel, text: string, span: Span): void {
    const position = formatPosition(this.#expression, span.from);
    if (level === "info") this.infos.add(`PromQL info: ${text} (${position})`);
    else this.warnings.add(`PromQL warning: ${text} (${position})`);
  }
}
