import { type DrillLoad, ORDINARY_LOAD } from "../../harness/index.ts";

/** Clients as on every day: what runs before a condition, and all the time in the quiet run. */
export const EVERYDAY: DrillLoad = {
  rateRps: ORDINARY_LOAD.rateRps,
  workload: { kind: "order-flow", venues: ORDINARY_LOAD.venues, doubleSubmitShare: 0.1 },
};

/** Clients that only look: beside them whatever orders bring about is brought about by the drill. */
export const LOOKING: DrillLoad = {
  rateRps: 20,
  workload: { kind: "order-flow", mix: { positions: 60, quote: 40 } },
};

/** Clients that only place orders at Binance, none of them tried again. */
export function placing(rateRps: number): DrillLoad {
  return {
    rateRps,
    workload: {
      kind: "order-flow",
      mix: { place: 100 },
      venues: { binance: 1 },
      maxAttempts: 1,
      // Orders are priced as soon as a quote came, and nobody waits for it.
      quotesWithinMs: 0,
    },
  };
}

/** Clients that all send one and the same request. */
export function sending(
  rateRps: number,
  request: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
): DrillLoad {
  return { rateRps, workload: { kind: "request", method: "POST", ...request } };
}

/** Clients that all ask for one page. */
export function asking(rateRps: number, path: string): DrillLoad {
  return { rateRps, workload: { kind: "request", method: "GET", path } };
}
