import type { RefusalProbe } from "../observation/probes/ask-for-refusals.ts";
import type { Invariant } from "./invariant.ts";

/** Whether everything that must be refused was refused, for the right reason. */
export const refusalsStand: Invariant = {
  statement:
    "orders beyond limits, orders with another order's key and orders while execution is off are refused",
  mayComeLate: false,
  check: ({ refusals }) => {
    const wrong = refusals.filter(
      ({ expected, answer }) => answer.kind === "answered" && answer.error !== expected,
    );
    const open = refusals.flatMap(({ what, answer }) =>
      answer.kind === "none" ? [`${what}: ${answer.why}`] : [],
    );
    const judgedBy = { count: refusals.length - open.length, noun: "request" };
    if (wrong.length > 0) return { verdict: "fail", received: wrong.map(describe).join("; "), judgedBy };
    if (refusals.length === 0)
      return { verdict: "inconclusive", received: "no order to check it with", judgedBy };
    if (open.length > 0) return { verdict: "inconclusive", received: open.join("; "), judgedBy };
    return { verdict: "pass", received: `${refusals.length} of ${refusals.length} refused`, judgedBy };
  },
};

function describe({ what, expected, answer }: RefusalProbe): string {
  return `${what} was answered ${answer.kind === "none" ? answer.why : answer.text}, not ${expected}`;
}
