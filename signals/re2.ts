import { type Matcher, RE2JS, RE2JSException } from "re2js";
import { UsageError } from "../core/index.ts";
import { simplePattern } from "./simple-pattern.ts";

/**
 * The limit of instructions of a compiled source; the time of a match is at worst proportional to their
 * number times the text's length.
 */
const MAX_PATTERN_INSTRUCTIONS = 20_000;
/** The number of compiled template patterns that are cached. */
const MAX_CACHED = 256;
const cached = new Map<string, RE2JS>();

/**
 * Compiles an RE2 expression as Prometheus's matchers do: it must match the whole text, and `.` matches
 * newlines too. RE2 takes time proportional to the text, where JavaScript's engine can take exponential time.
 *
 * @throws UsageError `bad-regex`.
 */
export function anchoredPattern(source: string): (text: string) => boolean {
  const simple = simplePattern(source);
  if (simple !== undefined) return simple;
  const expression = compile(source, RE2JS.DOTALL);
  return (text) => expression.matches(text);
}

/**
 * Compiles an RE2 expression that must match the whole text, with its replacement: `$1`, `${1}`, `$name` and
 * `${name}` are the groups. The function returns undefined for a text that does not match.
 *
 * @throws UsageError `bad-regex`.
 */
export function anchoredReplacement(
  source: string,
  replacement: string,
): (text: string) => string | undefined {
  const expression = compile(source, RE2JS.DOTALL);
  return (text) => {
    const matcher = expression.matcher(text);
    return matcher.matches() ? expand(replacement, matcher, expression) : undefined;
  };
}

/** Whether an RE2 expression matches anywhere in a text. @throws UsageError `bad-regex`. */
export function matchesAnywhere(source: string, text: string): boolean {
  return cachedPattern(source).matcher(text).find();
}

/**
 * Replaces every match of an RE2 expression, like Go's `ReplaceAllString`.
 *
 * @throws UsageError `bad-regex`.
 */
export function replaceEvery(source: string, replacement: string, text: string): string {
  const expression = cachedPattern(source);
  const matcher = expression.matcher(text);
  let replaced = "";
  let copied = 0;
  for (let position = 0; position <= text.length && matcher.find(position); ) {
    const [start, end] = [matcher.start(), matcher.end()];
    replaced += text.slice(copied, start);
    // An empty match directly after another match does not count.
    if (end > copied || start === 0) replaced += expand(replacement, matcher, expression);
    copied = end;
    position = end > position ? end : position + characterLength(text, position);
  }
  return replaced + text.slice(copied);
}

function characterLength(text: string, position: number): number {
  return (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
}

/** Expands a replacement as Go does: the longest name counts, an unknown one is empty, `$$` is a dollar. */
function expand(template: string, matcher: Matcher, expression: RE2JS): string {
  return template.replace(
    /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu,
    (_whole, bare?: string, braced?: string) => {
      const name = bare ?? braced;
      if (name === undefined) return "$";
      const group = /^(?:0|[1-9]\d*)$/.test(name) ? Number(name) : expression.namedGroups()[name];
      return group === undefined || group > matcher.groupCount() ? "" : (matcher.group(group) ?? "");
    },
  );
}

function cachedPattern(source: string): RE2JS {
  const known = cached.get(source);
  if (known !== undefined) return known;
  const expression = compile(source, 0);
  const [oldest] = cached.keys();
  if (cached.size >= MAX_CACHED && oldest !== undefined) cached.delete(oldest);
  cached.set(source, expression);
  return expression;
}

function compile(source: string, flags: number): RE2JS {
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(source, flags);
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    throw badRegex(source, cause.message, cause);
  }
  const size = expression.programSize();
  if (size <= MAX_PATTERN_INSTRUCTIONS) return expression;
  throw badRegex(
    source,
    `it compiles to ${size} instructions, more than the limit of ${MAX_PATTERN_INSTRUCTIONS}`,
  );
}

function badRegex(source: string, reason: string, cause?: unknown): UsageError {
  const excerpt = source.length > 200 ? `${source.slice(0, 200)}…` : source;
  return new UsageError({
    code: "bad-regex",
    message: `Expected a regular expression in RE2's syntax, got ${JSON.stringify(excerpt)}: ${reason}.`,
    nextStep: "Correct the expression; Prometheus anchors it at both ends.",
    cause,
  });
}
