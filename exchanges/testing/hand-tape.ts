import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningExchanges, startExchanges } from "../start-exchanges.ts";

/** When a hand-made tape begins: a Friday at noon, UTC. */
export const TAPE_START_MS = Date.parse("2025-01-03T12:00:00Z");
/** How long after the last frame the tape ends: later than any test plays. */
const SILENCE_SECONDS = 10_000_000;

type Levels = readonly (readonly [string, string])[];

/** One event of a hand-made tape of BTCUSDT, in seconds after its start. */
export type TapeEntry =
  | {
      readonly atSeconds: number;
      readonly trade: readonly [price: string, quantity: string, buyerIsMaker?: boolean];
    }
  | { readonly atSeconds: number; readonly bids?: Levels; readonly asks?: Levels };

const BOOK = {
  lastUpdateId: 1_000,
  bids: [
    ["50000.00000000", "1.00000000"],
    ["49999.00000000", "2.00000000"],
  ],
  asks: [
    ["50001.00000000", "1.00000000"],
    ["50002.00000000", "2.00000000"],
  ],
};

/** The lines of a tape with a book of two levels per side. Trade ids count from 1, update ids from 1001. */
function handTape(entries: readonly TapeEntry[]): string {
  let tradeId = 0;
  let updateId = BOOK.lastUpdateId;
  const line = (seconds: number, json: unknown): string =>
    `${BigInt(TAPE_START_MS + Math.round(seconds * 1_000)) * 1_000_000n} ${JSON.stringify(json)}`;
  const frame = (seconds: number, kind: string, data: object): string =>
    line(seconds, { stream: `btcusdt@${kind}`, data });
  const lines = entries.map((entry) => {
    const E = TAPE_START_MS + Math.round(entry.atSeconds * 1_000);
    if ("trade" in entry) {
      const [p, q, m = false] = entry.trade;
      return frame(entry.atSeconds, "trade", {
        e: "trade",
        E,
        s: "BTCUSDT",
        t: ++tradeId,
        p,
        q,
        T: E,
        m,
        M: true,
      });
    }
    const { bids: b = [], asks: a = [] } = entry;
    const ids = { U: ++updateId, u: updateId };
    return frame(entry.atSeconds, "depth@100ms", { e: "depthUpdate", E, s: "BTCUSDT", ...ids, b, a });
  });
  const end = { e: "depthUpdate", E: TAPE_START_MS, s: "BTCUSDT", U: ++updateId, u: updateId, b: [], a: [] };
  return [line(0, BOOK), ...lines, frame(SILENCE_SECONDS, "depth@100ms", end), ""].join("\n");
}

/** Starts the stubs on a hand-made tape, with further options. The tape's file is deleted with them. */
export async function startOnHandTape(
  entries: readonly TapeEntry[],
  options: Parameters<typeof startExchanges>[0] = {},
  hooks: Parameters<typeof startExchanges>[1] = {},
): Promise<RunningExchanges> {
  const folder = mkdtempSync(join(tmpdir(), "kanit-tape-"));
  const tape = join(folder, "btcusdt.jsonl");
  writeFileSync(tape, handTape(entries));
  try {
    const exchanges = await startExchanges(
      { tape, tapeSpeed: 1_000, tapeTime: "recorded", ...options },
      hooks,
    );
    await exchanges.ready;
    return exchanges;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
