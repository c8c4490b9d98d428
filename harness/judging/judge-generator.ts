import type { CheckRecord } from "../../evidence/index.ts";
import type { GeneratorHealth } from "../../load/index.ts";

/**
 * A quarter of the objective for P95. A late start only ever adds to a latency, so what passes beside some lag has
 * passed; beyond this it would hide what the platform itself did.
 */
export const GENERATOR_LAG_LIMIT_MS_P99 = 50;

/** Whether the load generator itself can be believed. */
export function judgeGenerator(health: GeneratorHealth): CheckRecord {
  const check = {
    kind: "harness",
    name: "load generator",
    expected: `P99 of its own lag at most ${health.maxLagMsP99} ms`,
  } as const;
  if (health.state === "unsound") return { ...check, verdict: "inconclusive", received: unsoundness(health) };
  return { ...check, verdict: "pass", received: `${(health.lagMs.p99 ?? 0).toFixed(1)} ms` };
}

function unsoundness({ lagMs, dropped }: GeneratorHealth): string {
  const lag = lagMs.p99 === null ? "it started nothing" : `${lagMs.p99.toFixed(1)} ms`;
  return dropped === 0 ? lag : `${lag}, and ${dropped} operations not sent`;
}

/**
 * What was measured by clients counts only when the generator can be believed: otherwise a failed measurement
 * is no evidence against the platform, and becomes inconclusive.
 */
export function discountUnsound(
  checks: readonly CheckRecord[],
  health: GeneratorHealth,
): readonly CheckRecord[] {
  if (health.state === "sound") return checks;
  return checks.map((check) => {
    const measured = check.kind === "steady-state" || check.kind === "recovery";
    if (!measured || check.verdict !== "fail") return check;
    return {
      ...check,
      verdict: "inconclusive",
      received: `${check.received} (but the load generator was late)`,
    };
  });
}
