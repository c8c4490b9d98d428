import { formatDuration, KanitError } from "../../../core/index.ts";
import { prometheusSource } from "../../../signals/index.ts";
import { type ArmSource, describeArmSource } from "../arm.ts";
import type { Measured } from "../judge/growth.ts";
import { type ArmReader, checkedSeries, type ReadSeries } from "./arm-reader.ts";

/** A Prometheus that scraped nothing for so long has nothing to say about now: four of its longest usual intervals. */
const OLDEST_MS = 120_000;

/** Makes the reader of an arm that a Prometheus scrapes. */
export function prometheusArm(options: {
  readonly source: Extract<ArmSource, { readonly kind: "prometheus" }>;
  readonly allowedHosts: readonly string[];
  readonly timeoutMs: number;
}): ArmReader {
  const { source, allowedHosts, timeoutMs: deadlineMs } = options;
  const warnings = new Set<string>();
  const prometheus = prometheusSource({
    ...{ url: source.url.href, allowedHosts, deadlineMs },
    onWarning: (warning) => warnings.add(warning),
  });
  const ask = async (
    expression: string,
    atMs: number,
    signal: AbortSignal,
  ): Promise<Measured<readonly ReadSeries[]>> => {
    try {
      warnings.clear();
      const answer = await prometheus.query(expression, atMs, signal);
      const [warning] = warnings;
      if (warning !== undefined) return { kind: "unknown", why: `Prometheus warns: ${warning}` };
      return checkedSeries(expression, answer.kind === "no-data" ? [] : answer.elements);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof KanitError)) throw error;
      return { kind: "unknown", why: error.message };
    }
  };
  return {
    description: describeArmSource(source),
    refresh: () => Promise.resolve(),
    async read(selector, atMs, signal) {
      const matched = withMatchers(selector, source.match);
      const times = await ask(`timestamp(${matched})`, atMs, signal);
      if (times.kind === "unknown") return times;
      const oldestMs = atMs - 1_000 * Math.min(...times.value.map(({ value }) => value));
      if (oldestMs > OLDEST_MS) {
        return {
          kind: "unknown",
          why: `the latest sample of ${matched} is ${formatDuration(Math.round(oldestMs))} old`,
        };
      }
      return ask(matched, atMs, signal);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Adds the matchers of an arm to a selector. */
export function withMatchers(selector: string, match: string): string {
  const [, metric = selector, own = ""] = /^([^{]+)(?:\{(.*)\})?$/.exec(selector) ?? [];
  return `${metric}{${[own, match].filter((part) => part !== "").join(",")}}`;
}
