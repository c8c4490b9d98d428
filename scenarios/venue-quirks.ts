import { defineScenario } from "../harness/index.ts";

/**
 * A bad day at the exchanges, each oddity known of them (docs/misbehaviours.md). Binance's clock jumps; an answer is
 * lost now and then, or says 503 of an order that was accepted, and who looks the order up at once is told that
 * there is none; a cancel is overtaken by a fill.
 * BTCTurk refuses orders without a reason, and tells its client to come back in a second.
 */
export const venueQuirks = defineScenario({
  name: "venue-quirks",
  hypothesis:
    "When exchanges shift their clocks, hide young orders, fill before they cancel, refuse and throttle, books stay true and throttling is heeded.",
  load: { rateRps: 40, venues: { binance: 65, btcturk: 35 } },
  faults: [
    quirk("binance", "clock-skew", 1, { forMs: 3_500 }),
    // Young orders are young by the venue's clock, so that has to be right again.
    quirk("binance", "read-lag", 1, { afterMs: 3_500, forMs: 3_500 }),
    quirk("binance", "ack-lost", 4, { afterMs: 3_500, forMs: 3_500 }),
    quirk("binance", "unknown-status-503", 3, { afterMs: 3_500, forMs: 3_500 }),
    // Few orders rest long enough to be canceled: in less time it may meet none.
    quirk("binance", "partial-fill-before-cancel", 1, { forMs: 7_000 }),
    quirk("btcturk", "order-failed", 3, { forMs: 2_000 }),
    { ...quirk("btcturk", "quota-exceeded", 1, { afterMs: 2_000, forMs: 3_000 }), maxBites: 12 },
  ],
  expectation: {
    mayFire: ["HttpErrorRateHigh", "ApiLatencyP95High", "LatencyCpuBackpressure", "ErrorRiskCorrelation"],
    recoversWithinMs: 5_000,
    // What BTCTurk refuses or throttles is an eighth of all.
    acceptsShare: 0.7,
    happens: [
      {
        name: "orders are found again by looking them up",
        expression: 'sum(orders_reconciled_total{venue="binance", result="found"})',
      },
    ],
  },
});

function quirk(
  venue: "binance" | "btcturk",
  misbehaviour: string,
  every: number,
  when: { readonly afterMs?: number; readonly forMs: number },
) {
  const link = `${venue}-rest` as const;
  return { fault: { kind: "venue-misbehaviour" as const, link, venue, misbehaviour, every }, ...when };
}
