import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseUnits } from "../market/units.ts";

const RECORDINGS = join(import.meta.dirname, "../../../shared/data");

/** The shared Binance recordings, if they are beside this checkout. */
const BINANCE_RECORDINGS = join(RECORDINGS, "binance-spot");

/** One of them: BTCUSDT, 41,248 frames and a snapshot. */
export const BTCUSDT_RECORDING = join(BINANCE_RECORDINGS, "btcusdt_20240808.gz");

/** The other: ETHUSDT, 33,617 frames and a snapshot. */
export const ETHUSDT_RECORDING = join(BINANCE_RECORDINGS, "ethusdt_20240808.gz");

/** The shared BTCTurk captures. */
export const BTCTURK_CAPTURES = join(RECORDINGS, "btcturk");

/** Whether the shared recordings are there. */
export const HAS_RECORDINGS = existsSync(BINANCE_RECORDINGS);

/** Levels from pairs of decimal strings, for books in tests. */
export function levels(...pairs: readonly (readonly [string, string])[]): (readonly [bigint, bigint])[] {
  return pairs.map(([price, quantity]) => [parseUnits(price), parseUnits(quantity)]);
}
