import { type Labels, METRIC_NAME } from "../labels.ts";
import { matchesAll } from "../matcher.ts";
import { selectorsOf } from "../promql/ast.ts";
import type { EngineOptions } from "../promql/engine-options.ts";
import { parsePromql } from "../promql/parse-promql.ts";
import { PromqlError } from "../promql/promql-error.ts";
import { SampleStore } from "../sample-store.ts";
import { checkCase } from "./check-case.ts";
import { type EvalCommand, parseScript, type ScriptCommand } from "./promql-script.ts";

/** The result of one `eval` of a script. */
export type CaseOutcome =
  | { readonly kind: "passed"; readonly line: number }
  | { readonly kind: "unsupported"; readonly line: number; readonly reason: string }
  | { readonly kind: "failed"; readonly line: number; readonly expression: string; readonly reason: string };

/** Runs a script of Prometheus's PromQL test language over the engine. */
export function runScript(text: string, options: Partial<EngineOptions>): readonly CaseOutcome[] {
  const outcomes: CaseOutcome[] = [];
  let world = emptyWorld();
  for (const command of parseScript(text)) {
    switch (command.kind) {
      case "clear":
        world = emptyWorld();
        break;
      case "load":
        load(world, command);
        break;
      case "unknown":
        outcomes.push({ kind: "unsupported", line: command.line, reason: `test language: ${command.text}` });
        world.isIncomplete = true;
        break;
      case "eval":
        outcomes.push(runCase(world, command, options));
    }
  }
  return outcomes;
}

/** The loaded series; of native histograms only the labels are kept. */
interface World {
  readonly store: SampleStore;
  readonly histograms: Labels[];
  /** After a command that could not be parsed, everything up to the next `clear` is meaningless. */
  isIncomplete: boolean;
}

function emptyWorld(): World {
  return {
    store: new SampleStore(null, { retentionMs: Number.POSITIVE_INFINITY }),
    histograms: [],
    isIncomplete: false,
  };
}

function load(world: World, { stepMs, series, alsoNative }: Extract<ScriptCommand, { kind: "load" }>): void {
  // As in Prometheus, the last description of a series counts.
  const byKey = new Map(series.map((described) => [described.labels.key, described]));
  for (const { labels, steps } of byKey.values()) {
    if (alsoNative && labels.get("le") !== "") world.histograms.push(nativeTwin(labels));
    if (steps.includes("histogram")) world.histograms.push(labels);
    steps.forEach((step, index) => {
      if (typeof step === "number") world.store.append(labels, index * stepMs, step);
      else if (step === "stale") world.store.appendStale(labels, index * stepMs);
    });
  }
}

function nativeTwin(labels: Labels): Labels {
  return labels.without(new Set(["le"])).with(METRIC_NAME, labels.metricName.replace(/_bucket$/, ""));
}

function runCase(world: World, command: EvalCommand, options: Partial<EngineOptions>): CaseOutcome {
  const { line, expression } = command;
  const unsupported = reasonUnsupported(world, command);
  if (unsupported !== undefined) return { kind: "unsupported", line, reason: unsupported };
  const reason = checkCase(world.store, command, options);
  return reason === undefined ? { kind: "passed", line } : { kind: "failed", line, expression, reason };
}

function reasonUnsupported(world: World, command: EvalCommand): string | undefined {
  if (world.isIncomplete) return "test language: follows a command that cannot be read";
  if (command.series.some(({ steps }) => steps.includes("histogram")))
    return "native histograms in the result";
  try {
    const selectors = selectorsOf(parsePromql(command.expression));
    const meets = selectors.some(({ matchers }) =>
      world.histograms.some((labels) => matchesAll(matchers, labels)),
    );
    return meets ? "native histograms in the input" : undefined;
  } catch (error) {
    if (error instanceof PromqlError) return error.code === "promql-unsupported" ? error.reason : undefined;
    throw error;
  }
}
