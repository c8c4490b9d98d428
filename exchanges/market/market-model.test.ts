import { describe, expect, it } from "vitest";
import { type MarketStatistics, measureMarket } from "../testing/market-statistics.ts";
import { BTCUSDT_RECORDING, ETHUSDT_RECORDING, HAS_RECORDINGS } from "../testing/tapes.ts";
import { openRecordedTape } from "./tape/recorded-tape.ts";
import { makeSyntheticTape } from "./tape/synthetic-tape.ts";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"] as const;
const RECORDINGS = { BTCUSDT: BTCUSDT_RECORDING, ETHUSDT: ETHUSDT_RECORDING };
const MINUTES = 6;
const TIMEOUT_MS = 120_000;

async function synthetic(symbol: string, seed: number): Promise<MarketStatistics> {
  const track = (await makeSyntheticTape(seed).tracks).find((each) => each.symbol === symbol);
  if (track === undefined) throw new Error(`no track of ${symbol}`);
  return measureMarket(track, MINUTES);
}

async function recorded(path: string): Promise<MarketStatistics> {
  const tape = openRecordedTape([path]);
  await tape.complete;
  const [track] = await tape.tracks;
  if (track === undefined) throw new Error(`no track in ${path}`);
  return measureMarket(track, MINUTES);
}

/** The factor by which a figure may differ from the recording's, since minutes differ from each other. */
const FACTORS: Readonly<Record<string, number>> = {
  "spread, median": 1,
  "distance of the 10th level, median": 2,
  "distance of the 100th level, median": 1.6,
  "bids within 1 bp, mean": 2,
  "bids within 10 bp, mean": 2,
  "trades a second": 4,
  "trade size, median": 1.3,
  "trade size, mean": 3,
  "trades in the ms of the one before, %": 1.5,
  "trades on the side of the one before, %": 1.1,
  "change in a second, deviation in bp": 2,
  "seconds without a change, %": 1.6,
};

describe.each(SYMBOLS)("the synthetic market of %s", (symbol) => {
  it("has trades that do not jump and quotes that stay close", { timeout: TIMEOUT_MS }, async () => {
    for (const seed of [1, 2, 3]) {
      const figures = await synthetic(symbol, seed);
      expect(figures["price jumps between trades above 5 bp, %"]).toBe(0);
      expect(figures["price jumps between trades above 1 bp, %"]).toBeLessThan(1);
      expect(figures["spread, median"]).toBeCloseTo(0.01);
      expect(figures["change in a second, kurtosis"]).toBeGreaterThan(3);
    }
  });

  it.skipIf(!HAS_RECORDINGS)("is similar to the recording", { timeout: TIMEOUT_MS }, async () => {
    const [ours, theirs] = await Promise.all([synthetic(symbol, 1), recorded(RECORDINGS[symbol])]);
    const off = Object.entries(FACTORS).flatMap(([name, factor]) => {
      const ratio = (ours[name] ?? Number.NaN) / (theirs[name] ?? Number.NaN);
      return ratio <= factor * 1.001 && ratio >= 0.999 / factor
        ? []
        : [`${name}: ${ours[name]}, not ${theirs[name]}`];
    });
    expect(off).toEqual([]);
  });
});
