import { counted } from "../../core/index.ts";
import type { CheckRecord, FaultRecord } from "../../evidence/index.ts";
import { check, type Finding } from "./check.ts";
import { seconds } from "./seconds.ts";

/** Whether a fault affected traffic and was healed. */
export function judgeFault({ label, healedAtMs, bite }: FaultRecord): CheckRecord {
  const expected = "affects traffic and is healed";
  return check({ kind: "fault", name: label, basis: "count", expected }, () => {
    const judgedBy = touchedBy(bite);
    if (healedAtMs === null) {
      return { verdict: "fail", received: "it was never healed", judgedBy: { count: 1, noun: "fault" } };
    }
    if (bite.kind === "unknown") return { verdict: "inconclusive", received: bite.why, judgedBy };
    if (bite.kind === "lasted") {
      const received = `it ${bite.state} for ${seconds(bite.durationMs)}`;
      return { verdict: judgedBy.count > 0 ? "pass" : "inconclusive", received, judgedBy };
    }
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
  if (bite.kind === "lasted") return { count: Math.ceil(bite.durationMs), noun: "millisecond" };
  const { connections, bytes, messages } = bite;
  if (messages !== null) return { count: messages, noun: "message" };
  return connections > 0 ? { count: connections, noun: "connection" } : { count: bytes, noun: "byte" };
}

/**
 * Whether clients obeyed a fault that tells them to stay away: each message or connection that the fault affected was
 * sent nevertheless.
 */
export function judgeRestraint({ label, bite }: FaultRecord, maxBites: number): CheckRecord {
  const name = `${label} is obeyed`;
  return check(
    { kind: "fault", name, basis: "schedule", expected: `affects traffic at most ${maxBites} times` },
    () => {
      if (bite.kind === "unknown") {
        return { verdict: "inconclusive", received: bite.why, judgedBy: { count: 0, noun: "connection" } };
      }
      if (bite.kind === "lasted") {
        const received = "it counts nothing that a platform could leave undone";
        return { verdict: "inconclusive", received, judgedBy: { count: 0, noun: "connection" } };
      }
      const count = bite.messages ?? bite.connections;
      const noun = bite.messages === null ? "connection" : "message";
      const verdict = count <= maxBites ? "pass" : "fail";
      return { verdict, received: counted(count, noun), judgedBy: { count, noun } };
    },
  );
}
