import { UsageError } from "../core/index.ts";
import { BINANCE_SYMBOLS } from "./binance/binance-symbols.ts";
import { openRecordedTape } from "./market/tape/recorded-tape.ts";
import { makeSyntheticTape } from "./market/tape/synthetic-tape.ts";
import type { Tape } from "./market/tape/tape.ts";
import { type ExchangesOptions, SYNTHETIC } from "./options.ts";

/**
 * Opens the market of the options: the recordings, of those symbols that the venues list, or the seed's.
 *
 * @throws UsageError, UnavailableError for recordings that are not there. What is wrong inside one rejects the tape's
 *   promises, with `no-listed-symbol` when the venues list none of its symbols.
 */
export function openTape({ tape, snapshot }: ExchangesOptions, seed: number): Tape {
  if (tape.includes(SYNTHETIC)) {
    if (tape.length === 1 && snapshot.length === 0) return makeSyntheticTape(seed);
    throw new UsageError({
      code: "mixed-tapes",
      message: "Expected recordings or the synthetic market, got both.",
      nextStep: "Omit `--tape synthetic`, or the recordings and snapshots.",
    });
  }
  const recorded = openRecordedTape(tape, snapshot);
  const tracks = recorded.tracks.then((all) => {
    const listed = all.filter(({ symbol }) => BINANCE_SYMBOLS.has(symbol));
    if (listed.length > 0) return listed;
    throw new UsageError({
      code: "no-listed-symbol",
      message: `Expected a recording of ${[...BINANCE_SYMBOLS.keys()].join(" or ")}, which the venues list, got ${all.map(({ symbol }) => symbol).join(", ")}.`,
      nextStep: "Record one of them: `kanit record --help`.",
    });
  });
  tracks.catch(() => undefined);
  return { tracks, complete: recorded.complete };
}

/** The symbols of the market, without starting anything. */
export async function symbolsOf(options: ExchangesOptions): Promise<readonly string[]> {
  return (await openTape(options, options.seed).tracks).map(({ symbol }) => symbol);
}
