import { type RunningExchanges, startExchanges } from "../../exchanges/index.ts";
import type { Provider } from "../matching/pact-file.ts";
import type { VenueUnderVerification } from "./venue-under-verification.ts";

/** A venue with everything: its states can be set up, its frames received, and its misbehaviors enabled. */
export type StubUnderVerification = VenueUnderVerification & {
  readonly controlUrl: string;
  readonly webSocketUrl: string;
};

/** The stubs in this process, each as a venue to verify. */
export interface RunningStubs extends AsyncDisposable {
  readonly exchanges: RunningExchanges;
  readonly venues: Readonly<Record<Provider, StubUnderVerification>>;
}

// These keys are valid only at these stubs.
const KEY = "pact-key";
const BINANCE_SECRET = "pact-secret";
const BTCTURK_SECRET = Buffer.from(BINANCE_SECRET).toString("base64");

/**
 * Starts the stubs on free ports of this machine, on their synthetic market, `tapeSpeed` market seconds per
 * second.
 */
export async function startStubs(tapeSpeed = 1): Promise<RunningStubs> {
  const exchanges = await startExchanges({
    tapeSpeed,
    // With the clock `live`, even a fast tape would be published at the feeds' own pace.
    tapeTime: "recorded",
    binanceKey: KEY,
    binanceSecret: BINANCE_SECRET,
    btcturkKey: KEY,
    btcturkSecret: BTCTURK_SECRET,
  });
  await exchanges.ready;
  const { binance, btcturk, control } = exchanges.addresses;
  const at = ({ restPort, wsPort }: { readonly restPort: number; readonly wsPort: number }) => ({
    restUrl: `http://127.0.0.1:${restPort}`,
    webSocketUrl: `ws://127.0.0.1:${wsPort}`,
    controlUrl: control,
    isPublicOnly: false,
    allowedHosts: [],
    key: KEY,
  });
  return {
    exchanges,
    venues: {
      "binance-spot": { ...at(binance), provider: "binance-spot", secret: BINANCE_SECRET },
      btcturk: { ...at(btcturk), provider: "btcturk", secret: BTCTURK_SECRET },
    },
    [Symbol.asyncDispose]: () => exchanges.stop(),
  };
}
