import { defineScenario } from "../harness/index.ts";
import type { TradingVenueName } from "../venues/index.ts";
import { mostlyAt, titleOf } from "./main-venue.ts";

/** As `binance-ack-lost`, at BTCTurk: for platforms that do not trade Binance. */
export const btcturkAckLost = ackLost("btcturk");

export const binanceAckLost = ackLost("binance");

/**
 * Requests reach the exchange, but its answers do not come back: orders are accepted and the platform is not told.
 * It must look them up by their client order id, and must not send them again.
 */
function ackLost(venue: TradingVenueName) {
  return defineScenario({
    name: `${venue}-ack-lost`,
    tags: ["short", "nightly"],
    hypothesis: `When ${titleOf(venue)} accepts orders but its answers are lost, each order is placed exactly once, and a lookup finds it.`,
    load: { rateRps: 30, venues: mostlyAt(venue, 80) },
    faults: [{ fault: { kind: "silence", link: `${venue}-rest` }, forMs: 4_000 }],
    expectation: {
      mayFire: ["ApiLatencyP95High", "LatencyCpuBackpressure"],
      recoversWithinMs: 5_000,
      // A platform that waits for the lost answer instead of looking the order up answers only after the fault is
      // healed.
      answersWithinMs: 3_500,
      happens: [
        {
          name: "orders are found by a lookup",
          expression: `sum(orders_reconciled_total{venue="${venue}"})`,
        },
      ],
    },
  });
}
