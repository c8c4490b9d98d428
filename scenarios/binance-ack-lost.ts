import { defineScenario } from "../harness/index.ts";

/**
 * Requests reach the exchange, its answers do not come back: orders are accepted and the platform never learns.
 * The only right thing is to look them up by their client order id, never to send them again.
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
    // Who waits for the lost answers instead of looking the order up answers when the fault is healed.
    answersWithinMs: 3_500,
    happens: [
      {
        name: "orders are found again by looking them up",
        expression: 'sum(orders_reconciled_total{venue="binance"})',
      },
    ],
  },
});
