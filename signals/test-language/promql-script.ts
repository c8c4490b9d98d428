import { UsageError } from "../../core/index.ts";
import { readNumber } from "../promql/number-literal.ts";
import { type DescribedSeries, parseSeries } from "./series-notation.ts";

/** A case's expectations of its query besides the result. */
export interface Expectations {
  readonly fails: boolean;
  readonly failMessage: TextCheck | undefined;
  readonly ordered: boolean;
  /** Expected, forbidden, or not checked. */
  readonly info: boolean | undefined;
  readonly warn: boolean | undefined;
  readonly annotationChecks: readonly { readonly level: "info" | "warn"; readonly check: TextCheck }[];
  readonly text: string | undefined;
  readonly rangeVector:
    | { readonly startMs: number; readonly endMs: number; readonly stepMs: number }
    | undefined;
}

/** A message to compare literally, or as a pattern. */
export type TextCheck =
  | { readonly kind: "equals"; readonly text: string }
  | { readonly kind: "matches"; readonly pattern: RegExp };

export interface EvalCommand {
  readonly kind: "eval";
  readonly line: number;
  readonly expression: string;
  readonly range: { readonly startMs: number; readonly endMs: number; readonly stepMs: number } | null;
  readonly atMs: number;
  readonly expectations: Expectations;
  readonly scalar: number | undefined;
  readonly series: readonly DescribedSeries[];
}

export type ScriptCommand =
  | { readonly kind: "clear"; readonly line: number }
  | {
      readonly kind: "load";
      readonly line: number;
      readonly stepMs: number;
      /** Whether classic histograms also become native ones with custom buckets. */
      readonly alsoNative: boolean;
      readonly series: readonly DescribedSeries[];
    }
  | EvalCommand
  | { readonly kind: "unknown"; readonly line: number; readonly text: string };

const LOAD = /^load(_with_nhcb)?\s+(\S+)$/;
const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+at\s+(\S+)\s+(.+)$/;
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/;

/**
 * Parses a script of Prometheus's PromQL test language. What cannot be parsed becomes a
 * command of kind "unknown".
 */
export function parseScript(text: string): readonly ScriptCommand[] {
  const lines = text.split("\n").map((line) => (line.trim().startsWith("#") ? "" : line.trim()));
  const commands: ScriptCommand[] = [];
  for (let index = 0; index < lines.length; index++) {
    const head = lines[index] ?? "";
    if (head === "") continue;
    let last = index;
    while ((lines[last + 1] ?? "") !== "") last++;
    if (head === "clear") {
      commands.push({ kind: "clear", line: index + 1 });
      continue;
    }
    commands.push(parseCommand(head, lines.slice(index + 1, last + 1), index + 1));
    index = last;
  }
  return commands;
}

function parseCommand(head: string, body: readonly string[], line: number): ScriptCommand {
  try {
    const load = LOAD.exec(head);
    if (load !== null) {
      return {
        kind: "load",
        line,
        stepMs: milliseconds(load[2] ?? ""),
        alsoNative: load[1] !== undefined,
        series: body.map(parseSeries),
      };
    }
    return parseEval(head, body, line) ?? { kind: "unknown", line, text: head };
  } catch (error) {
    return { kind: "unknown", line, text: error instanceof Error ? error.message : String(error) };
  }
}

function parseEval(head: string, body: readonly string[], line: number): EvalCommand | undefined {
  const instant = INSTANT.exec(head);
  const range = RANGE.exec(head);
  const [, modifier] = instant ?? range ?? [];
  if (instant === null && range === null) return undefined;
  const results = body.filter((text) => !/^expect(?:_fail_\w+)?\s/.test(text));
  const [only] = results;
  const scalar = results.length === 1 && only !== undefined ? readNumber(only) : undefined;
  return {
    kind: "eval",
    line,
    expression: instant?.[3] ?? range?.[5] ?? "",
    range:
      range === null
        ? null
        : {
            startMs: milliseconds(range[2] ?? ""),
            endMs: milliseconds(range[3] ?? ""),
            stepMs: milliseconds(range[4] ?? ""),
          },
    atMs: instant === null ? 0 : milliseconds(instant[2] ?? ""),
    expectations: parseExpectations(body, modifier),
    scalar,
    series: scalar === undefined ? results.map(parseSeries) : [],
  };
}

function parseExpectations(body: readonly string[], modifier: string | undefined): Expectations {
  const given = body
    .filter((text) => text.startsWith("expect"))
    .map((text) => text.replace(/^expect[ _]?/, "").trim());
  const has = (word: string) => given.some((text) => text === word || text.startsWith(`${word} `));
  const fail = given
    .map((text) => /^fail(?:\s+|_)((?:msg|regex|message|regexp)\b.*)$/.exec(text)?.[1])
    .find(Boolean);
  const string = given.find((text) => text.startsWith("string "));
  const vector = /^range vector from (\S+) to (\S+) step (\S+)$/.exec(
    given.find((text) => text.startsWith("range vector")) ?? "",
  );
  return {
    fails: modifier === "fail" || has("fail"),
    failMessage: fail === undefined ? undefined : textCheck(fail),
    ordered: modifier === "ordered" || has("ordered"),
    info: modifier === "info" || has("info") ? true : has("no_info") ? false : undefined,
    warn: modifier === "warn" || has("warn") ? true : has("no_warn") ? false : undefined,
    annotationChecks: given.flatMap((text) => {
      const match = /^(info|warn)\s+((?:msg|regex):.*)$/.exec(text);
      return match === null ? [] : [{ level: match[1] as "info" | "warn", check: textCheck(match[2] ?? "") }];
    }),
    text: string?.slice("string ".length).trim(),
    rangeVector:
      vector === null
        ? undefined
        : {
            startMs: milliseconds(vector[1] ?? ""),
            endMs: milliseconds(vector[2] ?? ""),
            stepMs: milliseconds(vector[3] ?? ""),
          },
  };
}

function textCheck(text: string): TextCheck {
  const [, kind, rest = ""] = /^(msg|message|regexp?)\s*:?\s*(.*)$/.exec(text) ?? [];
  return kind === "msg" || kind === "message"
    ? { kind: "equals", text: rest }
    : { kind: "matches", pattern: new RegExp(rest) };
}

function milliseconds(text: string): number {
  const seconds = readNumber(text);
  if (seconds !== undefined) return Math.round(seconds * 1_000);
  throw new UsageError({
    code: "bad-script",
    message: `Expected a time such as 5m or 90s, got ${JSON.stringify(text)}.`,
    nextStep: "Correct the test script.",
  });
}
