import { faultLabel } from "../../chaos/index.ts";
import type { ExperimentRecord } from "../experiment/experiment-record.ts";
import type { Action, Plan } from "../plan/plan.ts";
import type { Signature } from "./signature.ts";

/** One sentence that tells what clients do, what is done to the platform, and what goes wrong. */
export function storyOf({ steps, faults }: Plan, { check, problem }: Signature): string {
  const acts = steps.map(({ id, does }) => {
    const begun = faults.filter(({ step }) => step === id);
    const meanwhile = begun.map(({ fault, afterMs }) =>
      afterMs === 0 ? `with ${faultLabel(fault)}` : `${afterMs} ms later ${faultLabel(fault)}`,
    );
    return [describeAction(does, id), ...meanwhile].join(", ");
  });
  return `${acts.join("; then ")}: ${check} finds ${problem}.`;
}

function describeAction(does: Action, id: number): string {
  switch (does.kind) {
    case "place":
      return `order ${id} (${does.side}, ${does.style}) is placed at ${does.venue}`;
    case "repeat":
      return `order ${does.of} is sent again with its key`;
    case "conflict":
      return `another quantity is sent with the key of order ${does.of}`;
    case "cancel":
      return `order ${does.of} is canceled`;
    case "query":
      return `order ${does.of} is looked up`;
    case "positions":
      return "positions are read";
    case "quote":
      return `the quote of ${does.venue} is read`;
  }
}

/** What happened in an experiment, in the order of time. */
export function timelineOf({ operations, faults, state }: ExperimentRecord): readonly string[] {
  const asked = operations.map((each) => {
    const answer = [each.httpStatus, each.orderStatus, each.error].filter((part) => part !== null).join(" ");
    const about = each.idempotencyKey ?? each.orderId ?? "";
    const tookMs = Math.round(each.endedAtMs - each.startedAtMs);
    const text = `client: ${each.kind} ${about} → ${answer === "" ? each.outcome : answer} after ${tookMs} ms`;
    return { atMs: each.startedAtMs, text };
  });
  const done = faults.flatMap(({ label, injectedAtMs, healedAtMs }) => [
    { atMs: injectedAtMs, text: `fault: ${label}` },
    ...(healedAtMs === null ? [] : [{ atMs: healedAtMs, text: `healed: ${label}` }]),
  ]);
  const booked = (state?.ledger.orders ?? []).map(
    (row) =>
      `in the end: ${row.client_order_id} is ${row.status} with ${row.executed_quantity} executed in the books`,
  );
  const atVenues = (state?.venues ?? []).flatMap(({ venue, orders }) =>
    orders.map(
      (order) =>
        `in the end: ${order.clientOrderId} is ${order.status} with ${order.executedQuantity} executed at ${venue}`,
    ),
  );
  const timed = [...asked, ...done].toSorted((one, other) => one.atMs - other.atMs);
  return [...timed.map(({ atMs, text }) => `${Math.round(atMs)} ms  ${text}`), ...booked, ...atVenues];
}
