import { type Labels, METRIC_NAME } from "./labels.ts";
import { anchoredRegExp } from "./re2.ts";

/** The four ways to compare a label with a text. */
export type MatchOperator = "=" | "!=" | "=~" | "!~";

/** One condition on a label. A label that is not set counts as the empty text. */
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
  const expression = anchoredRegExp(value);
  const wanted = operator === "=~";
  const known = new Map<string, boolean>();
  return {
    name,
    operator,
    value,
    matches(text) {
      let answer = known.get(text);
      if (answer === undefined) {
        answer = expression.test(text) === wanted;
        known.set(text, answer);
      }
      return answer;
    },
  };
}

/** Whether a label set fulfils every condition. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) =>
    matcher.matches(matcher.name === METRIC_NAME ? labels.metricName : labels.get(matcher.name)),
  );
}
