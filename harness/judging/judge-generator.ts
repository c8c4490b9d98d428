import type { CheckRecord } from "../../evidence/index.ts";
import type { GeneratorHealth } from "../../load/index.ts";
import { check } from "./check.ts";

/**
 * A quarter of the objective for P95. A late start only adds to a latency, so a platform that passes
 * although the generator was a little late would have passed anyway; beyond this limit the lag would
 * hide what the platform did.
 */
export const GENERATOR_LAG_LIMIT_MS_P99 = 50;

/** Whether the load generator, which started this many operations, is reliable. */
export function judgeGenerator(health: GeneratorHealth, started: number): CheckRecord {
  const judgedBy = { count: started, noun: "operation" };
  const expected = `P99 of its own lag at most ${health.maxLagMsP99} ms`;
  return check({ kind: "harness", name: "load generator", basis: "count", expected }, () =>
    health.state === "unsound"
      ? { verdict: "inconclusive", received: unsoundness(health), judgedBy }
      : { verdict: "pass", received: `${(health.lagMs.p99 ?? 0).toFixed(1)} ms`, judgedBy },
  );
}

function unsoundness({ lagMs, dropped }: GeneratorHealth): string {
  const lag = lagMs.p99 === null ? "it started nothing" : `${lagMs.p99.toFixed(1)} ms`;
  return dropped === 0 ? lag : `${lag}, and ${dropped} operations not sent`;
}

/**
 * Measured times count only when the generator is reliable: otherwise a failed check of time is no evidence
 * against the platform, and becomes inconclusive.
 */
export function discountUnsound(
  checks: readonly CheckRecord[],
  health: GeneratorHealth,
): readonly CheckRecord[] {
  if (health.state === "sound") return checks;
  return checks.map((each) => {
    if (each.basis !== "time" || each.verdict !== "fail") return each;
    return {
      ...each,
      verdict: "inconclusive",
      received: `${each.received} (but the load generator was late)`,
    };
  });
}
