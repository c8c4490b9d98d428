import { createMatcher, type MatchOperator } from "../../signals/index.ts";

/** A condition of Alertmanager on the labels of an alert, of which a rule says only some. */
export interface LabelMatcher {
  readonly name: string;
  /** `unknown` for a label that comes with the alert's series, so that only the alert has it. */
  test(labels: KnownLabels): "holds" | "fails" | "unknown";
}

/** The labels that each alert of a rule has, whatever its series. */
export type KnownLabels = Readonly<Record<string, string>>;

/** One condition: `severity="rollback"`, `team=~"trading|risk"`, `severity=rollback`. */
const CONDITION = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}\s]*))\s*$/;
/** A comma that separates conditions, and none within quotes. */
const BETWEEN = /,(?=(?:[^"]*"(?:[^"\\]|\\.)*")*[^"]*$)/;

/** Makes a condition. */
export function labelMatcher(name: string, operator: MatchOperator, value: string): LabelMatcher {
  const matcher = createMatcher(name, operator, value);
  return {
    name,
    test: (labels) => {
      const known = labels[name];
      if (known === undefined) return "unknown";
      return matcher.matches(known) ? "holds" : "fails";
    },
  };
}

/**
 * Reads conditions as Alertmanager's configuration writes them in one text, with or without braces.
 *
 * @throws Error for a text that is none.
 */
export function parseMatchers(text: string): readonly LabelMatcher[] {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1] ?? text;
  return inner
    .split(BETWEEN)
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const [, name = "", operator = "=", quoted, bare = ""] = CONDITION.exec(part) ?? [];
      if (name === "") throw new Error(`Expected a matcher such as severity="rollback", got ${part.trim()}.`);
      const value = quoted === undefined ? bare : quoted.replaceAll(/\\(["\\])/g, "$1");
      return labelMatcher(name, operator as MatchOperator, value);
    });
}
