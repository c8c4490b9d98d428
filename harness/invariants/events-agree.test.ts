import { describe, expect, it } from "vitest";
import type { FinalState } from "../observation/final-state.ts";
import type { LedgerOrder } from "../observation/ledger.ts";
import { eventsAgree } from "./events-agree.ts";
import { ledgerOrder, soundState } from "./final-state-fixture.ts";

const DELIVERED = { event_status: "FILLED", event_executed_quantity: "0.01", undelivered_events: 0 };

function withOrder(change: Partial<LedgerOrder>): FinalState {
  const state = soundState();
  return { ...state, ledger: { ...state.ledger, orders: [ledgerOrder({ ...DELIVERED, ...change })] } };
}

const received = (change: Partial<LedgerOrder>) => eventsAgree.check(withOrder(change)).received;

describe("events-agree", () => {
  it("holds when the last event matches the books", () => {
    expect(eventsAgree.check(withOrder({}))).toMatchObject({ verdict: "pass" });
  });

  it("applies only to a platform whose definition has events", () => {
    expect(eventsAgree.needs?.(soundState())).toBe("event_status in the ledger");
    expect(eventsAgree.needs?.(withOrder({ event_status: null }))).toBeNull();
  });

  it("catches a change without an event", () => {
    expect(received({ event_status: "ACCEPTED" })).toContain("is FILLED, its last event has ACCEPTED");
    expect(received({ event_status: null })).toContain("is FILLED without an event");
  });

  it("catches an event with another quantity", () => {
    expect(received({ event_executed_quantity: "0" })).toContain("its last event has 0");
  });

  it("catches an event that was not delivered", () => {
    expect(received({ undelivered_events: 2 })).toContain("has 2 undelivered events");
  });

  it("requires no event of an order that was never sent", () => {
    const refused = withOrder({ status: "REJECTED", event_status: null, event_executed_quantity: null });
    expect(eventsAgree.check(refused)).toMatchObject({ verdict: "pass" });
  });
});
