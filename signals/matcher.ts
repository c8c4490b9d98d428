import { type Labels, METRIC_NAME } from "./labels.ts";
import { anchoredPattern } from "./re2.ts";

/** The number of results that a matcher caches: many metrics share few label values. */
const MAX_REMEMBERED = 10_000;

/** The four ways to compare a label with a text. */
export type MatchOperator = "=" | "!=" | "=~" | "!~";

/** One condition on a label. A missing label counts as the empty text. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  matches(text: string): boolean;
}

/**
 * Builds a matcher; regular expressions are RE2's, anchored at both ends.
 *
 * @throws UsageError `bad-regex` when the expression cannot be compiled.
 */
export function createMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  if (operator === "=") return { name, operator, value, matches: (text) => text === value };
  if (operator === "!=") return { name, operator, value, matches: (text) => text !== value };
  const holds = anchoredPattern(value);
  const wanted = operator === "=~";
  const known = new Map<string, boolean>();
  return {
    name,
    operator,
    value,
    matches(text) {
      let answer = known.get(text);
      if (answer === undefined) {
        answer = holds(text) === wanted;
        if (known.size >= MAX_REMEMBERED) known.clear();
        known.set(text, answer);
      }
      return answer;
    },
  };
}

/** Whether a label set fulfills every condition. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) =>
    matcher.matches(matcher.name === METRIC_NAME ? labels.metricName : labels.get(matcher.name)),
  );
}
