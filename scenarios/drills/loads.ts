import { type DrillLoad, ORDINARY_LOAD } from "../../harness/index.ts";

/** The ordinary order flow: it runs before most conditions, and during the whole of the quiet run. */
export const EVERYDAY: DrillLoad = {
  rateRps: ORDINARY_LOAD.rateRps,
  workload: { kind: "order-flow", venues: ORDINARY_LOAD.venues, doubleSubmitShare: 0.1 },
};

/** Clients that only read, so that all orders are those of the drill's own acts. */
export const LOOKING: DrillLoad = {
  rateRps: 20,
  workload: { kind: "order-flow", mix: { positions: 60, quote: 40 } },
};

/** Clients that only place orders at Binance and never retry. */
export function placing(rateRps: number): DrillLoad {
  return {
    rateRps,
    workload: {
      kind: "order-flow",
      mix: { place: 100 },
      venues: { binance: 1 },
      maxAttempts: 1,
      // Orders are priced by whatever quote there is: clients do not wait for one.
      quotesWithinMs: 0,
    },
  };
}

/** Clients that all send the same request. */
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

/** Clients that all request the same page. */
export function asking(rateRps: number, path: string): DrillLoad {
  return { rateRps, workload: { kind: "request", method: "GET", path } };
}
