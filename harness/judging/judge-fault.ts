import { counted } from "../../core/index.ts";
import type { CheckRecord, FaultRecord } from "../../evidence/index.ts";
import { check, type Finding } from "./check.ts";

/** Whether a fault affected traffic and was healed. */
export function judgeFault({ label, healedAtMs, bite }: FaultRecord): CheckRecord {
  const expected = "touches traffic and is healed";
  return check({ kind: "fault", name: label, basis: "count", expected }, () => {
    const judgedBy = touchedBy(bite);
    if (healedAtMs === null) {
      return { verdict: "fail", received: "it was never healed", judgedBy: { count: 1, noun: "fault" } };
    }
    if (bite.kind === "unknown") return { verdict: "inconclusive", received: bite.why, judgedBy };
    const { connections, bytes, messages } = bite;
    const received = [
      counted(connections, "connection"),
      ...(messages === null ? [] : [counted(messages, "message")]),
      ...(bytes === 0 ? [] : [counted(bytes, "byte")]),
    ].join(", ");
    return { verdict: judgedBy.count > 0 ? "pass" : "inconclusive", received, judgedBy };
  });
}

/** What a fault affected, in the smallest units that its bite counts. */
function touchedBy(bite: FaultRecord["bite"]): Finding["judgedBy"] {
  if (bite.kind === "unknown") return { count: 0, noun: "connection" };
  const { connections, bytes, messages } = bite;
  if (messages !== null) return { count: messages, noun: "message" };
  return connections > 0 ? { count: connections, noun: "connection" } : { count: bytes, noun: "byte" };
}

/**
 * Whether clients obeyed a fault that tells them to stay away: each bite is a request that was sent
 * nevertheless.
 */
export function judgeRestraint({ label, bite }: FaultRecord, maxBites: number): CheckRecord {
  const name = `${label} is heeded`;
  return check(
    { kind: "fault", name, basis: "schedule", expected: `bites at most ${maxBites} times` },
    () => {
      const bites = bite.kind === "unknown" ? 0 : (bite.messages ?? bite.connections);
      const judgedBy = { count: bites, noun: "bite" };
      if (bite.kind === "unknown") return { verdict: "inconclusive", received: bite.why, judgedBy };
      return { verdict: bites <= maxBites ? "pass" : "fail", received: counted(bites, "bite"), judgedBy };
    },
  );
}
