import type { Annotations } from "../promql/annotations.ts";
import type { EngineOptions } from "../promql/engine-options.ts";
import { PromqlError } from "../promql/promql-error.ts";
import { instantQuery, rangeQuery } from "../promql/query.ts";
import { unquote } from "../promql/string-literal.ts";
import type { Value } from "../promql/value.ts";
import type { SeriesSource } from "../sample-store.ts";
import { almostEqual } from "./almost-equal.ts";
import type { EvalCommand, Expectations, TextCheck } from "./promql-script.ts";

/** Runs one case and returns what is wrong with its result; undefined when it is right. */
export function checkCase(
  store: SeriesSource,
  command: EvalCommand,
  options: Partial<EngineOptions>,
): string | undefined {
  try {
    const { annotations, wrong } =
      command.range === null ? runInstant(store, command, options) : runRange(store, command, options);
    if (command.expectations.fails) return "expected a failure, got a result";
    return wrong ?? wrongAnnotations(annotations, command.expectations);
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    if (!command.expectations.fails) return `expected a result, got the error: ${error.message}`;
    const check = command.expectations.failMessage;
    return check === undefined || holds(check, error.reason)
      ? undefined
      : `expected another message than ${error.reason}`;
  }
}

interface Ran {
  readonly annotations: Annotations;
  readonly wrong: string | undefined;
}

function runInstant(store: SeriesSource, command: EvalCommand, options: Partial<EngineOptions>): Ran {
  const { value, annotations } = instantQuery(store, command.expression, command.atMs, options);
  return { annotations, wrong: wrongInstant(value, command) };
}

function wrongInstant(value: Value, command: EvalCommand): string | undefined {
  const { text, rangeVector, ordered } = command.expectations;
  if (text !== undefined) {
    const wanted = unquote(text) ?? text;
    return value.kind === "string" && value.value === wanted ? undefined : `expected the string ${wanted}`;
  }
  if (value.kind === "scalar") {
    const wanted = command.scalar;
    return wanted !== undefined && almostEqual(wanted, value.value)
      ? undefined
      : `expected the scalar ${wanted}, got ${value.value}`;
  }
  if (value.kind === "matrix") {
    if (rangeVector === undefined) return "expected no range vector";
    return compareColumns(
      value.series.map((window) => ({
        key: window.labels.key,
        points: new Map(
          Array.from({ length: window.to - window.from }, (_unused, index) => [
            window.timesMs[window.from + index] as number,
            window.values[window.from + index] as number,
          ]),
        ),
      })),
      command,
      rangeVector,
    );
  }
  if (value.kind === "string") return `expected no string, got ${value.value}`;
  const wanted = command.series;
  if (command.scalar !== undefined) return "expected a scalar, got an instant vector";
  const got = value.samples.map((sample) => ({
    key: sample.labels.key,
    value: sample.value,
    labels: sample.labels,
  }));
  const received = got.map((sample) => `${sample.labels} ${sample.value}`).join(", ");
  if (wanted.length !== got.length)
    return `expected ${wanted.length} elements, got ${got.length}: ${received}`;
  const isWrong = wanted.some(({ labels, steps }, index) => {
    const match = ordered ? got[index] : got.find((sample) => sample.key === labels.key);
    const [step] = steps;
    return match?.key !== labels.key || typeof step !== "number" || !almostEqual(step, match.value);
  });
  return isWrong ? `got ${received === "" ? "nothing" : received}` : undefined;
}

function runRange(store: SeriesSource, command: EvalCommand, options: Partial<EngineOptions>): Ran {
  const range = command.range ?? { startMs: 0, endMs: 0, stepMs: 1 };
  const { series, annotations } = rangeQuery(store, command.expression, range, options);
  const columns = series.map(({ labels, points }) => ({
    key: labels.key,
    points: new Map(points.map(({ timeMs, value }) => [timeMs, value])),
  }));
  return { annotations, wrong: compareColumns(columns, command, range) };
}

function compareColumns(
  got: readonly { readonly key: string; readonly points: ReadonlyMap<number, number> }[],
  command: EvalCommand,
  { startMs, endMs, stepMs }: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
): string | undefined {
  const wanted =
    command.scalar === undefined
      ? command.series.map(({ labels, steps }) => ({ key: labels.key, steps }))
      : [];
  const described = wanted.filter(({ steps }) => steps.some((step) => step !== "gap"));
  if (described.length !== got.length)
    return `expected ${described.length} series, got ${got.length}: ${show(got)}`;
  for (const { key, steps } of described) {
    const column = got.find((candidate) => candidate.key === key);
    if (column === undefined) return `expected the series ${key}, got ${show(got)}`;
    let points = 0;
    for (let index = 0, timeMs = startMs; timeMs <= endMs; index++, timeMs += stepMs) {
      const step = steps[index] ?? "gap";
      const value = column.points.get(timeMs);
      if (value !== undefined) points++;
      const isRight =
        typeof step === "number" ? value !== undefined && almostEqual(step, value) : value === undefined;
      if (!isRight) return `expected ${step} at ${timeMs} ms, got ${value} in ${show(got)}`;
    }
    if (points !== column.points.size)
      return `expected ${points} points, got ${column.points.size} of ${key}`;
  }
  return undefined;
}

function show(
  columns: readonly { readonly key: string; readonly points: ReadonlyMap<number, number> }[],
): string {
  return columns.map(({ key, points }) => `${key} ${[...points.values()].join(" ")}`).join("; ") || "nothing";
}

function wrongAnnotations(annotations: Annotations, expectations: Expectations): string | undefined {
  const { info, warn, annotationChecks } = expectations;
  const { infos, warnings } = annotations;
  if (info !== undefined && infos.size > 0 !== info)
    return `expected info: ${info}, got ${[...infos].join("; ")}`;
  if (warn !== undefined && warnings.size > 0 !== warn)
    return `expected warning: ${warn}, got ${[...warnings].join("; ")}`;
  for (const { level, check } of annotationChecks) {
    const given = level === "info" ? infos : warnings;
    if (![...given].some((text) => holds(check, text)))
      return `expected another ${level} than ${[...given].join("; ")}`;
  }
  return undefined;
}

function holds(check: TextCheck, text: string): boolean {
  return check.kind === "equals" ? text.includes(check.text) : check.pattern.test(text);
}
