import { type RunningExchanges, startExchanges } from "../../exchanges/start-exchanges.ts";

/** Stubs whose market moves. */
export async function startStubs(): Promise<RunningExchanges> {
  const exchanges = await startExchanges({ seed: 3, tapeSpeed: 5 });
  await exchanges.ready;
  return exchanges;
}
