import { describe, expect, it } from "vitest";
import { soundState } from "../invariants/final-state-fixture.ts";
import { inFieldWords } from "./final-state.ts";

describe("the platform's books", () => {
  it("have their statuses in the field's words, as clients' answers have them", () => {
    const { ledger } = soundState();
    const [order] = ledger.orders;
    if (order === undefined) throw new TypeError("Expected an order in the sound state.");
    const orders = [
      { ...order, status: "DONE", event_status: "LIVE" },
      { ...order, status: "FILLED", event_status: null },
    ];
    const vocabulary = { statuses: { filled: ["DONE"], open: ["LIVE"] }, errors: {} };
    expect(inFieldWords({ ...ledger, orders }, vocabulary).orders).toMatchObject([
      { status: "filled", event_status: "open" },
      { status: "FILLED", event_status: null },
    ]);
  });
});
