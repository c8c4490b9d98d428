import { describe, expect, it } from "vitest";
import type { FaultRecord } from "../../evidence/index.ts";
import { placement, soundState, venueOrder } from "../invariants/final-state-fixture.ts";
import type { FinalState } from "../observation/final-state.ts";
import { orderHistories } from "./order-histories.ts";

const STARTED_AT_EPOCH_MS = 1_000_000;

const fault = (change: Partial<FaultRecord>): FaultRecord => ({
  ...{ label: "replies lost on binance-rest", kind: "http-reply-lost", link: "binance-rest" },
  ...{ injectedAtMs: 0, healedAtMs: 2_000, bite: { kind: "counted", connections: 1, bytes: 1, messages: 1 } },
  ...change,
});

const historiesOf = (change: Partial<FinalState>, faults: readonly FaultRecord[] = []) =>
  orderHistories({
    state: { ...soundState(), ...change },
    faults,
    startedAtEpochMs: STARTED_AT_EPOCH_MS,
  });

const only = (id: string, change: Partial<FinalState>, faults: readonly FaultRecord[] = []) => {
  const found = historiesOf(change, faults).listed.find((each) => each.id === id);
  if (found === undefined) throw new TypeError(`Expected a history of ${id}.`);
  return found;
};

/** The correct state with these orders at Binance. */
const atBinance = (...orders: ReturnType<typeof venueOrder>[]): Pick<FinalState, "venues"> => ({
  venues: soundState().venues.map((books) => (books.venue === "binance" ? { ...books, orders } : books)),
});

describe("the history of an order", () => {
  it("has its client's request, the venue's record of it and the final state on both sides", () => {
    expect(only("binance client-1", {})).toEqual({
      id: "binance client-1",
      standing: "undisturbed",
      ...{ venue: "binance", symbol: "BTCUSDT", side: "buy", quantity: "0.01", price: null },
      idempotencyKey: "key-1",
      steps: [
        { atMs: 0, endMs: 10, actor: "client", text: "POST /api/orders → 201 FILLED" },
        { atMs: 5, endMs: null, actor: "venue", text: "accepted client-1 as order 1" },
        { atMs: 6, endMs: null, actor: "venue", text: "executed 0.01000000 at 61837.64000000 (trade 7)" },
      ],
      platform: {
        ...{ orderId: "order-1", clientOrderId: "client-1", status: "FILLED" },
        ...{ executedQuantity: "0.010000000000000000", fills: 1 },
      },
      venueOrders: [
        {
          ...{ orderId: "1", clientOrderId: "client-1", status: "FILLED", executedQuantity: "0.01000000" },
          ...{ trades: 1, matchedBy: "client order id" },
        },
      ],
    });
  });

  it("says that a request was repeated, and that no answer came", () => {
    const lost = placement({ httpStatus: null, orderStatus: null, error: "timeout", outcome: "unknown" });
    const again = placement({ id: 3, attempt: 2, attemptOf: 1, startedAtMs: 50, endedAtMs: 60 });
    const texts = only("binance client-1", { operations: [lost, again] }).steps.map(({ text }) => text);
    expect(texts).toContain("POST /api/orders → no answer: timeout");
    expect(texts).toContain("POST /api/orders (attempt 2, the same key) → 201 FILLED");
  });

  it("says what a driver answered, which has no status of HTTP", () => {
    const ofDriver = { method: "driver", path: "place", order: placement({}).request.order };
    const placed = placement({ httpStatus: null, orderStatus: "open", request: ofDriver });
    const texts = only("binance client-1", { operations: [placed] }).steps.map(({ text }) => text);
    expect(texts).toContain("driver place → open");
  });

  it("lists an order that was sent again under another id with its original", () => {
    const again = venueOrder({ orderId: "2", clientOrderId: "client-1-r", acceptedAtMs: 1_000_400 });
    const { venueOrders } = only("binance client-1", atBinance(venueOrder({}), again));
    expect(venueOrders.map(({ clientOrderId, matchedBy }) => [clientOrderId, matchedBy])).toEqual([
      ["client-1", "client order id"],
      ["client-1-r", "content"],
    ]);
  });

  it.each([
    ["another side", { side: "sell" }],
    ["another quantity", { quantity: "0.02000000" }],
    ["a price", { price: "61000.00" }],
    ["a time before the request", { acceptedAtMs: STARTED_AT_EPOCH_MS - 1 }],
  ])("lists an unknown order at the venue with %s separately", (_, difference) => {
    const stranger = venueOrder({ orderId: "2", clientOrderId: "stranger", ...difference });
    const found = only("binance stranger", atBinance(venueOrder({}), stranger));
    expect(found).toMatchObject({ platform: null, idempotencyKey: null });
  });

  it("has the faults that were active meanwhile on its venue's links and on shared links", () => {
    const faults = [
      fault({}),
      fault({ link: "postgres", label: "latency on postgres" }),
      fault({ link: "btcturk-rest", label: "at another venue" }),
      fault({ injectedAtMs: 500, label: "later" }),
    ];
    const during = only("binance client-1", {}, faults).steps.filter(({ actor }) => actor === "fault");
    expect(during.map(({ text }) => text)).toEqual(["replies lost on binance-rest", "latency on postgres"]);
  });
});

describe("the list of histories", () => {
  it("begins with those on which books and venue differ", () => {
    const short = venueOrder({ executedQuantity: "0.00500000" });
    expect(historiesOf(atBinance(short)).listed.map(({ id }) => id)).toEqual([
      "binance client-1",
      "btcturk client-c",
    ]);
  });

  it("has a request that reached neither the books nor a venue", () => {
    const { operations } = soundState();
    const lost = placement({ id: 9, idempotencyKey: "key-9", orderId: null, clientOrderId: null });
    const listed = historiesOf({ operations: [...operations, lost] }).listed;
    expect(listed.find(({ idempotencyKey }) => idempotencyKey === "key-9")).toMatchObject({
      platform: null,
      venueOrders: [],
    });
  });

  it("lists 300 at most and counts the rest", () => {
    const operations = Array.from({ length: 310 }, (_, id) =>
      placement({ id, idempotencyKey: `other-${id}`, orderId: null }),
    );
    const { listed, omitted } = historiesOf({ operations });
    expect([listed.length, omitted]).toEqual([300, 12]);
  });
});
