import { ALL_INVARIANTS, type Scenario } from "../harness/index.ts";
import { ORDINARY_CONDITIONS, ORDINARY_TIMING } from "./ordinary.ts";

/** What stands in front of an exchange says this when it has lost it: HTML, and not a word about the order. */
const BAD_GATEWAY =
  "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";

/**
 * Each second order gets a gateway's error page instead of the exchange. It never arrived, but the page does not say so:
 * the platform has to find out, neither sending the order again nor leaving the user without an outcome.
 */
export const httpSecondRequestFails: Scenario = {
  name: "http-second-request-fails",
  hypothesis:
    "When each second order is answered 502 by a gateway, none is lost or sent twice, and each unknown one is resolved.",
  load: { rateRps: 30, venues: { binance: 80, btcturk: 20 } },
  timing: ORDINARY_TIMING,
  faults: [
    {
      fault: {
        kind: "http-answer",
        link: "binance-rest",
        toxicity: 1,
        method: "POST",
        path: "^/api/v3/order$",
        nth: 0,
        every: 2,
        first: 0,
        share: 1,
        per: "proxy",
        status: 502,
        headers: { "Content-Type": "text/html" },
        body: BAD_GATEWAY,
      },
      afterMs: 0,
      forMs: 4_000,
    },
  ],
  expectation: {
    fires: [],
    mayFire: [],
    recoversWithinMs: 5_000,
    happens: [
      {
        name: "orders whose outcome was unknown are found never to have arrived",
        expression: 'sum(orders_reconciled_total{venue="binance", result="never_arrived"})',
      },
    ],
    holds: ORDINARY_CONDITIONS,
    invariants: ALL_INVARIANTS,
  },
};
