import type { RuleReading } from "../../evidence/index.ts";
import type { TriggerChange, TriggerRecord } from "../../signals/index.ts";

/** Determines what a rule did from `fromMs` to `toMs`, from the changes of its state. */
export function readRule(
  record: Pick<TriggerRecord, "history" | "failures">,
  fromMs: number,
  toMs: number,
): RuleReading {
  const before = record.history.findLast((change) => change.atMs < fromMs);
  const after = record.history.filter((change) => change.atMs >= fromMs && change.atMs <= toMs);
  const wasTrue = before !== undefined && holds(before);
  const ended = wasTrue ? after.findIndex((change) => !holds(change)) : 0;
  if (ended < 0) return { kind: "true-before" };
  const fresh = after.slice(ended);
  const first = fresh.find(holds);
  if (first === undefined) return unmoved(record, before, after);
  const fired = fresh.find((change) => change.state === "firing");
  const trueAfterMs = first.atMs - fromMs;
  if (fired === undefined) return { kind: "held", trueAfterMs, longestMs: longestStretchMs(fresh, toMs) };
  const until = fresh.slice(0, fresh.indexOf(fired));
  const interruptions = until.filter((change, index) => !holds(change) && until.slice(0, index).some(holds));
  return {
    kind: "fired",
    trueAfterMs,
    firedAfterMs: fired.atMs - fromMs,
    interruptions: interruptions.length,
  };
}

function holds({ state }: TriggerChange): boolean {
  return state === "pending" || state === "firing";
}

function unmoved(
  { failures }: Pick<TriggerRecord, "failures">,
  before: TriggerChange | undefined,
  after: readonly TriggerChange[],
): RuleReading {
  const failure = failures.at(-1);
  if (failure !== undefined) {
    const { error } = failure;
    return { kind: "failed", why: error instanceof Error ? error.message : String(error) };
  }
  const sawData = [before, ...after].some((change) => change !== undefined && change.state !== "no-data");
  return { kind: sawData ? "quiet" : "no-data" };
}

function longestStretchMs(changes: readonly TriggerChange[], toMs: number): number {
  const stretches = changes.map((change, index) =>
    holds(change) ? (changes[index + 1]?.atMs ?? toMs) - change.atMs : 0,
  );
  return Math.max(0, ...stretches);
}
