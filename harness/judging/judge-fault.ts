import type { CheckRecord, FaultRecord } from "../../evidence/index.ts";
import { check } from "./check.ts";

/** Whether a fault touched traffic and was healed. */
export function judgeFault({ label, healedAtMs, bite }: FaultRecord): CheckRecord {
  const expected = "touches traffic and is healed";
  return check({ kind: "fault", name: label, basis: "count", expected }, () => {
    if (healedAtMs === null) return { verdict: "fail", received: "it was never healed" };
    if (bite.kind === "unknown") return { verdict: "inconclusive", received: bite.why };
    const { connections, bytes, messages } = bite;
    const received = [
      counted(connections, "connection"),
      ...(messages === null ? [] : [counted(messages, "message")]),
      ...(bytes === 0 ? [] : [counted(bytes, "byte")]),
    ].join(", ");
    const touched = messages ?? connections + bytes;
    return { verdict: touched > 0 ? "pass" : "inconclusive", received };
  });
}

/** Whether a fault that tells its client to stay away was heeded: each bite is a request that came all the same. */
export function judgeRestraint({ label, bite }: FaultRecord, maxBites: number): CheckRecord {
  const name = `${label} is heeded`;
  return check(
    { kind: "fault", name, basis: "schedule", expected: `bites at most ${maxBites} times` },
    () => {
      if (bite.kind === "unknown") return { verdict: "inconclusive", received: bite.why };
      const bites = bite.messages ?? bite.connections;
      return { verdict: bites <= maxBites ? "pass" : "fail", received: counted(bites, "bite") };
    },
  );
}

function counted(value: number, noun: string): string {
  return `${value.toLocaleString("en-US")} ${noun}${value === 1 ? "" : "s"}`;
}
