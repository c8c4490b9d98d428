import { defineScenario } from "../harness/index.ts";

/** What stands in front of an exchange says this when it has lost it: HTML, and not a word about the order. */
const BAD_GATEWAY =
  "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";

/**
 * Each second order gets a gateway's error page instead of the exchange. It never arrived, but the page does not say
 * so:
 * the platform has to find out, neither sending the order again nor leaving the user without an outcome.
 */
export const httpSecondRequestFails = defineScenario({
  name: "http-second-request-fails",
  hypothesis:
    "When each second order is answered 502 by a gateway, none is lost or sent twice, and each unknown one is resolved.",
  load: { rateRps: 30, venues: { binance: 80, btcturk: 20 } },
  faults: [
    {
      fault: {
        kind: "http-answer",
        link: "binance-rest",
        method: "POST",
        path: "^/api/v3/order$",
        every: 2,
        status: 502,
        headers: { "Content-Type": "text/html" },
        body: BAD_GATEWAY,
      },
      forMs: 4_000,
    },
  ],
  expectation: {
    recoversWithinMs: 5_000,
    happens: [
      {
        name: "orders whose outcome was unknown are found never to have arrived",
        expression: 'sum(orders_reconciled_total{venue="binance", result="never_arrived"})',
      },
    ],
  },
});
