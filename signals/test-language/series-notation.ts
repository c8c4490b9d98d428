import { UsageError } from "../../core/index.ts";
import { Labels, METRIC_NAME } from "../labels.ts";
import { readNumber } from "../promql/number-literal.ts";
import { unquote } from "../promql/string-literal.ts";

/** One step of a described series: a value, nothing, the end of the series, or a native histogram. */
export type SeriesStep = number | "gap" | "stale" | "histogram";

/** A series as Prometheus's tests write it: `up{job="spark"} 1 _ 0+10x3 stale`. */
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
 * Reads a series with its values.
 *
 * @throws UsageError `bad-series`.
 */
export function parseSeries(text: string): DescribedSeries {
  const match = SERIES.exec(text.trim());
  const [, name = "", braces = "{}", values = ""] = match ?? [];
  if (match === null || (name === "" && match[2] === undefined)) throw badSeries(text);
  return { labels: readLabels(name, braces.slice(1, -1), text), steps: parseSteps(values) };
}

/** Reads values alone: `1 2 _ 0+10x3 5x2 _x4 stale`. A native histogram counts as one step for each of its values. */
export function parseSteps(text: string): readonly SeriesStep[] {
  const words = text
    .replace(HISTOGRAM, (histogram) => histogram.replace(/\s+/g, ""))
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.flatMap(parseStep);
}

function parseStep(word: string): readonly SeriesStep[] {
  if (word === "stale") return ["stale"];
  const repeats = /x(\d+)$/.exec(word);
  if (word.startsWith("{{")) return Array.from({ length: Number(repeats?.[1] ?? 0) + 1 }, () => "histogram");
  if (/^_(?:x\d+)?$/.test(word)) return Array.from({ length: Number(repeats?.[1] ?? 1) }, () => "gap");
  const [, firstText, deltaText, countText] = VALUE.exec(word) ?? [];
  const first = firstText === undefined ? undefined : readNumber(firstText);
  const delta = deltaText === undefined ? 0 : readNumber(deltaText.replace(/^[+-](?=[+-])/, ""));
  if (first === undefined || delta === undefined) throw badSeries(word);
  const steps: number[] = [];
  let value = first;
  for (let index = 0; index <= Number(countText ?? 0); index++) {
    steps.push(value);
    value += delta;
  }
  return steps;
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
