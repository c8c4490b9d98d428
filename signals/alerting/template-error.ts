import { UsageError } from "../../core/index.ts";

/** What a template holds that cannot be read, or asks for and cannot be had. */
export function badTemplate(text: string, what: string): UsageError {
  const excerpt = text.length > 300 ? `${text.slice(0, 300)}…` : text;
  return new UsageError({
    code: "bad-template",
    message: `Expected a template of an alert as Prometheus reads it, got ${what} in ${JSON.stringify(excerpt)}.`,
    nextStep:
      "Write it with what kanit's templates support; break, continue, toTime and toDuration are left out.",
  });
}
