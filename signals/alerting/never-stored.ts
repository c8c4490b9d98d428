import { FLOAT_LABEL_NAMES, storedFloat } from "../exposition/float-labels.ts";
import type { Matcher } from "../matcher.ts";
import { type Expr, selectorsOf } from "../promql/ast.ts";

/** A condition that no series of a Prometheus 3 fulfills, and the spelling that series have. */
export interface NeverStored {
  /** As the rule has it: `le="1"`. */
  readonly written: string;
  /** As it should be: `le="1.0"`. */
  readonly stored: string;
}

/**
 * The conditions on `le` and `quantile` that name only numbers in a spelling that Prometheus 3 never stores
 * for histograms and summaries: a rule with `le="1"` never fires, because the series has `le="1.0"`.
 */
export function neverStored(expr: Expr): readonly NeverStored[] {
  return selectorsOf(expr).flatMap(({ matchers }) =>
    matchers.flatMap((matcher) => {
      const numbers = numbersOf(matcher);
      const stored = numbers.map(storedFloat);
      const isKnown = numbers.length === 0 || numbers.some((number, index) => number === stored[index]);
      if (isKnown) return [];
      const written = `${matcher.name}${matcher.operator}"${matcher.value}"`;
      return [{ written, stored: `${matcher.name}${matcher.operator}"${stored.join("|")}"` }];
    }),
  );
}

/** The numbers that a matcher accepts; none when it accepts anything else. */
function numbersOf({ name, operator, value }: Matcher): readonly string[] {
  if (!FLOAT_LABEL_NAMES.has(name)) return [];
  if (operator === "=") return value === "" ? [] : [value];
  if (operator !== "=~") return [];
  const alternatives = value.replace(/^\((?:\?:)?(.*)\)$/, "$1").split("|");
  const numbers = alternatives.map((alternative) =>
    alternative.replaceAll("\\.", ".").replaceAll("\\+", "+"),
  );
  return numbers.every((number) => /^[+-]?(?:[\d.]+(?:e[+-]?\d+)?|Inf)$/i.test(number)) ? numbers : [];
}
