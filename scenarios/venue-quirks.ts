import { defineScenario, type LabFaultInput } from "../harness/index.ts";

/**
 * Misbehaviors that are known of real exchanges (docs/misbehaviors.md), several at a time. Binance's clock
 * jumps, some answers are lost, some accepted orders are answered 503, an order cannot be looked up at once
 * after it was placed, and an order is filled while it is being canceled. BTCTurk refuses orders without a
 * reason and throttles its clients.
 */
export const venueQuirks = defineScenario({
  name: "venue-quirks",
  tags: ["short", "nightly"],
  hypothesis:
    "When exchanges shift their clocks, hide young orders, fill before they cancel, refuse and throttle, books stay true and throttling is obeyed.",
  load: { rateRps: 40, venues: { binance: 65, btcturk: 35 } },
  faults: [
    quirk("binance", "clock-skew", 1, { forMs: 3_500 }),
    // read-lag hides orders by their age on the venue's clock, so it starts when the clock is right again.
    quirk("binance", "read-lag", 1, { afterMs: 3_500, forMs: 3_500 }),
    quirk("binance", "ack-lost", 4, { afterMs: 3_500, forMs: 3_500 }),
    quirk("binance", "unknown-status-503", 3, { afterMs: 3_500, forMs: 3_500 }),
    // Few orders stay open long enough to be canceled: a shorter time might include none.
    quirk("binance", "partial-fill-before-cancel", 1, { forMs: 7_000 }),
    quirk("btcturk", "order-failed", 3, { forMs: 2_000 }),
    { ...quirk("btcturk", "quota-exceeded", 1, { afterMs: 2_000, forMs: 3_000 }), maxBites: 12 },
  ],
  expectation: {
    mayFire: ["HttpErrorRateHigh", "ApiLatencyP95High", "LatencyCpuBackpressure", "ErrorRiskCorrelation"],
    recoversWithinMs: 5_000,
    // BTCTurk refuses or throttles about an eighth of all orders.
    acceptsShare: 0.7,
    happens: [
      {
        name: "orders are found by a lookup",
        expression: 'sum(orders_reconciled_total{venue="binance", result="found"})',
      },
    ],
  },
});

/** As `venue-quirks`, at BTCTurk alone: for platforms that do not trade Binance. */
export const btcturkQuirks = defineScenario({
  name: "btcturk-quirks",
  tags: ["short", "nightly"],
  hypothesis:
    "When BTCTurk shifts its clock, loses answers, refuses and throttles, books stay true and throttling is obeyed.",
  load: { rateRps: 30, venues: { binance: 0, btcturk: 100 } },
  faults: [
    quirk("btcturk", "clock-skew", 1, { forMs: 2_500 }),
    quirk("btcturk", "order-failed", 3, { afterMs: 2_500, forMs: 1_500 }),
    quirk("btcturk", "ack-lost", 4, { afterMs: 4_000, forMs: 2_500 }),
    quirk("btcturk", "unknown-status-503", 3, { afterMs: 4_000, forMs: 2_500 }),
    { ...quirk("btcturk", "quota-exceeded", 1, { afterMs: 6_500, forMs: 1_500 }), maxBites: 20 },
  ],
  expectation: {
    mayFire: ["HttpErrorRateHigh", "ApiLatencyP95High", "LatencyCpuBackpressure", "ErrorRiskCorrelation"],
    recoversWithinMs: 5_000,
    // Of the eight seconds, BTCTurk refuses a third for 1.5 s, everything while it throttles, and everything in the
    // first 2.5 s of those who sign by their own clock, which is right: 3.5 s are left for these.
    acceptsShare: 0.3,
    happens: [
      {
        name: "orders are found by a lookup",
        expression: 'sum(orders_reconciled_total{venue="btcturk", result="found"})',
      },
    ],
  },
});
type Misbehavior = NonNullable<Extract<LabFaultInput, { kind: "venue-misbehavior" }>["misbehavior"]>;

function quirk(
  venue: "binance" | "btcturk",
  misbehavior: Misbehavior,
  every: number,
  when: { readonly afterMs?: number; readonly forMs: number },
) {
  const link = `${venue}-rest` as const;
  return { fault: { kind: "venue-misbehavior" as const, link, venue, misbehavior, every }, ...when };
}
