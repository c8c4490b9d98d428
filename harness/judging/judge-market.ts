import type { CheckRecord } from "../../evidence/index.ts";
import type { MarketSilence } from "../observation/venue-books.ts";
import { check } from "./check.ts";
import { seconds } from "./seconds.ts";

/** The longest silence of each symbol's market, in ms. Empty: the market of every symbol moved all the time. */
export type MarketSilences = Readonly<Record<string, number>>;

/** The part of each silence that lies within an experiment, which began at `startedAtEpochMs` and took `durationMs`. */
export function silencesWithin(
  silences: readonly MarketSilence[],
  startedAtEpochMs: number,
  durationMs: number,
): MarketSilences {
  const longest: Record<string, number> = {};
  for (const { symbol, startedAtMs, endedAtMs } of silences) {
    const fromMs = Math.max(startedAtMs, startedAtEpochMs);
    const toMs = Math.min(endedAtMs, startedAtEpochMs + durationMs);
    if (toMs > fromMs) longest[symbol] = Math.max(longest[symbol] ?? 0, toMs - fromMs);
  }
  return longest;
}

/**
 * Whether the lab's market moved all the time. By itself a pass: a market may be quiet, and a platform that holds
 * through that holds anyway.
 */
export function judgeMarket(silences: MarketSilences, operations: number): CheckRecord {
  const expected = "gave events of every symbol all the time";
  return check({ kind: "harness", name: "market", basis: "count", expected }, () => {
    const silent = describeSilences(silences);
    const received = silent === null ? "it did" : `${silent}: failures by time are inconclusive`;
    return { verdict: "pass", received, judgedBy: { count: operations, noun: "operation" } };
  });
}

/**
 * A feed that is stale because the market gave nothing, and an order that was refused for it, are no failures of the
 * platform. What was counted or compared in the end is valid, and so is every pass.
 */
export function discountSilentMarket(
  checks: readonly CheckRecord[],
  silences: MarketSilences,
): readonly CheckRecord[] {
  const why = describeSilences(silences);
  if (why === null) return checks;
  return checks.map((each) => {
    if (each.basis === "count" || each.verdict !== "fail") return each;
    return { ...each, verdict: "inconclusive", received: `${each.received} (but ${why})` };
  });
}

/** `the lab's market gave nothing of ETHUSDT for 17.2 s`. */
function describeSilences(silences: MarketSilences): string | null {
  const parts = Object.entries(silences).map(([symbol, longestMs]) => `${symbol} for ${seconds(longestMs)}`);
  return parts.length === 0 ? null : `the lab's market gave nothing of ${parts.join(", ")}`;
}
