import type { FaultKindName } from "./registry.ts";

/** A realistic example of a fault, as it is given on the command line. */
export interface FaultExample {
  readonly link: string;
  readonly pairs: readonly string[];
}

/**
 * Examples for the documentation of faults. A kind without an entry gets an example of one required
 * attribute, on the link that carries its protocol.
 */
export const FAULT_EXAMPLES: { readonly [K in FaultKindName]?: FaultExample } = {
  bandwidth: { link: "binance-ws", pairs: ["rateKBps=20"] },
  latency: { link: "postgres", pairs: ["latencyMs=300", "jitterMs=20"] },
  silence: { link: "binance-rest", pairs: ["toxicity=0.5"] },
  "half-open": { link: "binance-ws", pairs: ["stream=downstream"] },
  "connect-delay": { link: "postgres", pairs: ["delayMs=2000"] },
  "hold-lock": { link: "postgres", pairs: ["table=orders", "holdMs=400", "pauseMs=100"] },
  "http-answer": {
    link: "binance-rest",
    pairs: [
      "method=POST",
      "path=^/api/v3/order$",
      "every=2",
      "status=502",
      "headers=Content-Type: text/html",
    ],
  },
  "http-body-truncated": {
    link: "binance-rest",
    pairs: ["path=^/api/v3/depth$", "share=0.2", "bodyBytes=500"],
  },
  "http-reply-delay": { link: "binance-rest", pairs: ["method=POST", "delayMs=1500", "jitterMs=500"] },
  "http-reply-lost": { link: "btcturk-rest", pairs: ["method=POST", "path=/order$", "nth=1", "how=reset"] },
  "pg-commit-reply-lost": { link: "postgres", pairs: ["every=20", "how=close"] },
  "pg-error-reply": { link: "postgres", pairs: ["pattern=^insert into orders", "sqlState=53200", "first=3"] },
  "pg-query-delay": { link: "postgres", pairs: ["pattern=^select", "share=0.1", "delayMs=800"] },
  "pg-result-cut": { link: "postgres", pairs: ["pattern=from fills", "rows=3", "nth=1"] },
  "ws-close": { link: "binance-ws", pairs: ["code=1012", "nth=50"] },
  "ws-delay": { link: "binance-ws", pairs: ["pattern=depthUpdate", "delayMs=400", "order=overtake"] },
  "ws-drop": { link: "binance-ws", pairs: ["pattern=depthUpdate", "every=10"] },
  "ws-reorder": { link: "binance-ws", pairs: ["pattern=depthUpdate", "share=0.05"] },
  "venue-misbehavior": { link: "binance-ws", pairs: ["venue=binance", "misbehavior=gap", "every=10"] },
};
