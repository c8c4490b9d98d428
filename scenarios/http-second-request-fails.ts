import { defineScenario } from "../harness/index.ts";

/** What a gateway answers when it cannot reach the exchange: an HTML page that says nothing about the order. */
const BAD_GATEWAY =
  "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";

/**
 * Each second order is answered by a gateway's error page. The order never reached the exchange, but the
 * page does not say so. The platform has to find out: it must neither send the order again nor leave its
 * outcome open.
 */
export const httpSecondRequestFails = defineScenario({
  name: "http-second-request-fails",
  tags: ["nightly"],
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
        name: "a lookup finds that orders with an unknown outcome never arrived",
        expression: 'sum(orders_reconciled_total{venue="binance", result="never_arrived"})',
      },
    ],
  },
});
