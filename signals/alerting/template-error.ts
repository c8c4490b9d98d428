import { UsageError } from "../../core/index.ts";

/** A template that cannot be parsed, or that requests something that is not available. */
export function badTemplate(text: string, what: string): UsageError {
  const excerpt = text.length > 300 ? `${text.slice(0, 300)}…` : text;
  return new UsageError({
    code: "bad-template",
    message: `Expected a template of an alert as Prometheus reads it, got ${what} in ${JSON.stringify(excerpt)}.`,
    nextStep:
      "Write it with what kanit's templates support; break, continue, toTime and toDuration are not supported.",
  });
}
