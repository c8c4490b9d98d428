import { describe, expect, it } from "vitest";
import type { Operation } from "../../load/index.ts";
import type { FinalState } from "../observation/final-state.ts";
import { answersHold } from "./answers-hold.ts";
import { ledgerOrder, placement, soundState, venueOrder } from "./final-state-fixture.ts";

/** The correct history with these answers about its order, one after the other. */
function answered(...answers: readonly Partial<Operation>[]): FinalState {
  const operations = answers.map((answer, index) =>
    placement({
      id: index + 1,
      kind: "query",
      startedAtMs: index * 100,
      endedAtMs: index * 100 + 10,
      ...answer,
    }),
  );
  return { ...soundState(), operations };
}

const received = (state: FinalState) => answersHold.check(state).received;
const resting = { orderStatus: "ACCEPTED", executedQuantity: "0" };
const filled = { orderStatus: "FILLED", executedQuantity: "0.01" };

describe("answers-hold", () => {
  it("lets an answer be early: an order continues", () => {
    const half = { orderStatus: "PARTIALLY_FILLED", executedQuantity: "0.005" };
    expect(answersHold.check(answered(resting, half, filled))).toMatchObject({ verdict: "pass" });
  });

  it("catches a final status that was answered and did not hold", () => {
    expect(received(answered({ orderStatus: "CANCELED", executedQuantity: "0" }))).toContain(
      "client-1 was answered as CANCELED, and ended FILLED",
    );
  });

  it("catches an execution that was answered and never happened", () => {
    expect(received(answered({ orderStatus: "PARTIALLY_FILLED", executedQuantity: "0.02" }))).toContain(
      "with 0.02 executed, it was 0.010000000000000000",
    );
  });

  it("catches an order that ended with less executed than was answered, unless the answer was FILLED", () => {
    const canceled = { orderStatus: "CANCELED", executedQuantity: "0" };
    const state = answered(canceled);
    const orders = [ledgerOrder({ status: "CANCELED", executed_quantity: "0.005" })];
    expect(received({ ...state, ledger: { ...state.ledger, orders } })).toContain(
      "with 0 executed, it was 0.005",
    );
    expect(answersHold.check(answered({ ...filled, executedQuantity: "0" }))).toMatchObject({
      verdict: "pass",
    });
  });

  it("catches a refusal that is answered as a success", () => {
    const rejected = { kind: "place", orderStatus: "REJECTED", executedQuantity: "0" } as const;
    expect(received(answered(rejected))).toContain(
      "client-1 was answered as REJECTED, as if it was accepted",
    );
  });

  it("catches an answer that reports less than one before it", () => {
    expect(received(answered(filled, resting))).toContain("had executed 0.01, a later answer has 0");
    const over = { orderStatus: "FILLED", executedQuantity: null };
    const open = { orderStatus: "ACCEPTED", executedQuantity: null };
    expect(received(answered(over, open))).toContain("was FILLED, a later answer has ACCEPTED");
  });

  it("requires no order of answers that overlapped in time", () => {
    const slow = { ...resting, startedAtMs: 0, endedAtMs: 500 };
    expect(answersHold.check(answered({ ...filled, startedAtMs: 100, endedAtMs: 200 }, slow))).toMatchObject({
      verdict: "pass",
    });
  });

  it("lets a repeated key get its first answer again, however old it is", () => {
    expect(answersHold.check(answered(filled, { ...resting, kind: "place", attempt: 2 }))).toMatchObject({
      verdict: "pass",
    });
  });

  it("catches an order that was refused to its client and is open, or traded", () => {
    const refusal = placement({ outcome: "rejected", orderStatus: null, orderId: null, httpStatus: 422 });
    const answer = placement({ id: 2, idempotencyKey: "other" });
    const state: FinalState = { ...soundState(), operations: [refusal, answer] };
    expect(received(state)).toContain("client-1 was refused, and is FILLED at binance");
    const gone = [venueOrder({ status: "CANCELED", executedQuantity: "0" })];
    const orders = [ledgerOrder({ status: "CANCELED", executed_quantity: "0" })];
    const [binance, ...others] = state.venues;
    if (binance === undefined) throw new TypeError("Expected a venue in the sound history, got none.");
    const withdrawn: FinalState = {
      ...state,
      operations: [
        refusal,
        placement({ id: 2, idempotencyKey: "other", orderId: "order-c", orderStatus: "NEW" }),
      ],
      ledger: { ...state.ledger, orders },
      venues: [{ ...binance, orders: gone }, ...others],
    };
    expect(answersHold.check(withdrawn)).toMatchObject({ verdict: "pass" });
  });
});
