import { UsageError } from "../../core/index.ts";
import { Labels, METRIC_NAME } from "../labels.ts";
import { readNumber } from "../promql/number-literal.ts";
import { unquote } from "../promql/string-literal.ts";

/** One step of a described series: a value, no sample, the end of the series, or a native histogram. */
export type SeriesStep = number | "gap" | "stale" | "histogram";

/** Steps that are written as one word: an arithmetic sequence, or a repetition. */
type StepRun =
  | { readonly kind: "numbers"; readonly first: number; readonly growth: number; readonly count: number }
  | { readonly kind: Exclude<SeriesStep, number>; readonly count: number };

/** A series in the notation of Prometheus's tests: `up{job="spark"} 1 _ 0+10x3 stale`. */
export interface DescribedSeries {
  readonly labels: Labels;
  readonly steps: readonly SeriesStep[];
}

const SERIES =
  /^([a-zA-Z_:][\w:]*)?\s*(\{(?!\{)(?:[^"'`}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)*\})?\s*([\s\S]*)$/;
const LABEL =
  /\s*(?:([a-zA-Z_][\w]*)|("(?:[^"\\]|\\.)*"))\s*(?:=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`))?\s*(?:,|$)/y;
const NUMBER = String.raw`[+-]?(?:inf|nan|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)`;
const VALUE = new RegExp(`^(${NUMBER})(?:([+-]${NUMBER.replace("[+-]?", "[+-]?")}))?(?:x(\\d+))?$`, "i");
const HISTOGRAM = /\{\{[^}]*\}\}(?:[+-]\{\{[^}]*\}\})?(?:x\d+)?/g;

/**
 * Parses a series with its values.
 *
 * @throws UsageError `bad-series`.
 */
export function parseSeries(text: string): DescribedSeries {
  const match = SERIES.exec(text.trim());
  const [, name = "", braces = "{}", values = ""] = match ?? [];
  if (match === null || (name === "" && match[2] === undefined)) throw badSeries(text);
  return { labels: readLabels(name, braces.slice(1, -1), text), steps: parseSteps(values) };
}

/**
 * Parses values alone: `1 2 _ 0+10x3 5x2 _x4 stale`. A native histogram counts as one step for each of its
 * values.
 */
function parseSteps(text: string): readonly SeriesStep[] {
  const steps: SeriesStep[] = [];
  forEachStep(text, (step) => steps.push(step));
  return steps;
}

/**
 * Parses values alone and passes each on with its position, without building a list: a day of seconds is
 * long.
 */
export function forEachStep(text: string, take: (step: SeriesStep, index: number) => void): void {
  const words = text
    .replace(HISTOGRAM, (histogram) => histogram.replace(/\s+/g, ""))
    .split(/\s+/)
    .filter((word) => word !== "");
  let index = 0;
  for (const run of words.map(parseRun)) {
    const end = index + run.count;
    if (run.kind !== "numbers") {
      for (; index < end; index++) take(run.kind, index);
      continue;
    }
    // Added step by step, as in Prometheus: a product would round differently.
    for (let value = run.first; index < end; index++, value += run.growth) take(value, index);
  }
}

function parseRun(word: string): StepRun {
  if (word === "stale") return { kind: "stale", count: 1 };
  const repeats = /x(\d+)$/.exec(word)?.[1];
  if (word.startsWith("{{")) return { kind: "histogram", count: Number(repeats ?? 0) + 1 };
  if (/^_(?:x\d+)?$/.test(word)) return { kind: "gap", count: Number(repeats ?? 1) };
  const [, firstText, growthText, countText] = VALUE.exec(word) ?? [];
  const first = firstText === undefined ? undefined : readNumber(firstText);
  const growth = growthText === undefined ? 0 : readNumber(growthText.replace(/^[+-](?=[+-])/, ""));
  if (first === undefined || growth === undefined) throw badSeries(word);
  return { kind: "numbers", first, growth, count: Number(countText ?? 0) + 1 };
}

function readLabels(name: string, text: string, whole: string): Labels {
  const pairs: [string, string][] = name === "" ? [] : [[METRIC_NAME, name]];
  for (let position = 0; text.slice(position).trim() !== ""; position = LABEL.lastIndex) {
    LABEL.lastIndex = position;
    const match = LABEL.exec(text);
    if (match === null) throw badSeries(whole);
    const [, plain, quoted, literal] = match;
    const label = plain ?? unquote(quoted ?? "") ?? "";
    if (literal === undefined) pairs.push([METRIC_NAME, label]);
    else pairs.push([label, unquote(literal) ?? ""]);
  }
  return Labels.fromEntries(pairs);
}

function badSeries(text: string): UsageError {
  return new UsageError({
    code: "bad-series",
    message: `Expected a series with values such as up{job="a"} 1 _ 0+10x3 stale, got ${JSON.stringify(text)}.`,
    nextStep: "Correct the series' notation.",
  });
}
