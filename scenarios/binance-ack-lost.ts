import { defineScenario } from "../harness/index.ts";

/**
 * Requests reach the exchange, but its answers do not come back: orders are accepted and the platform is not told.
 * It must look them up by their client order id, and must not send them again.
 */
export const binanceAckLost = defineScenario({
  name: "binance-ack-lost",
  hypothesis:
    "When Binance accepts orders but its answers are lost, each order is placed exactly once and found again.",
  load: { rateRps: 30, venues: { binance: 80, btcturk: 20 } },
  faults: [{ fault: { kind: "silence", link: "binance-rest" }, forMs: 4_000 }],
  expectation: {
    mayFire: ["ApiLatencyP95High", "LatencyCpuBackpressure"],
    recoversWithinMs: 5_000,
    // A platform that waits for the lost answer instead of looking the order up answers only after the fault is
    // healed.
    answersWithinMs: 3_500,
    happens: [
      {
        name: "orders are found again by looking them up",
        expression: 'sum(orders_reconciled_total{venue="binance"})',
      },
    ],
  },
});
