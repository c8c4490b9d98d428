import { join } from "node:path";
import { UnavailableError } from "../../core/index.ts";
import { requestHttp } from "../../network/index.ts";
import { type LineFile, openLineFile } from "./line-file.ts";
import { listenFor } from "./listen-for.ts";
import { receiveTimes } from "./receive-times.ts";
import type { RecordedFile, RecordingOptions } from "./recording.ts";

const STREAMS = ["depth@100ms", "trade", "bookTicker"];
const SNAPSHOT_LEVELS = 1_000;
const DEADLINE_MS = 10_000;

/** A recording of Binance needs its REST interface as well, for the depth snapshot. */
export type BinanceRecordingOptions = RecordingOptions & { readonly restUrl: string };

/**
 * Records the public streams of Binance as tapes, one compressed file per symbol: lines of `<receive time,
 * ns> <frame>`, and among the frames the depth snapshot that they build on.
 *
 * @throws UnavailableError `stream-ended`, `no-snapshot`; UsageError `recording-exists`.
 */
export async function recordBinance(options: BinanceRecordingOptions): Promise<readonly RecordedFile[]> {
  const { webSocketUrl, symbols, folder, clock } = options;
  const day = new Date(clock.nowMs()).toISOString().slice(0, 10).replaceAll("-", "");
  const tapes = new Map<string, SymbolTape>();
  const streams = symbols.flatMap((symbol) => STREAMS.map((stream) => `${symbol.toLowerCase()}@${stream}`));
  try {
    for (const symbol of symbols) {
      const file = await openLineFile(join(folder, `${symbol.toLowerCase()}_${day}.gz`), options.filter);
      tapes.set(symbol.toLowerCase(), new SymbolTape(symbol, file, options));
    }
    await listenFor({
      ...options,
      url: `${webSocketUrl}/stream?streams=${streams.join("/")}`,
      hello: [],
      onFrame: (text) => tapes.get(/^\{"stream":"([^@"]+)@/.exec(text)?.[1] ?? "")?.add(text),
    });
  } finally {
    await Promise.all([...tapes.values()].map((tape) => tape.close()));
  }
  return [...tapes.values()].map((tape) => tape.recorded());
}

/** One symbol's tape while it is being written. */
class SymbolTape {
  readonly #symbol: string;
  readonly #file: LineFile;
  readonly #options: BinanceRecordingOptions;
  readonly #received: () => bigint;
  #frames = 0;
  #snapshot: Promise<void> | undefined;
  #failure: unknown;

  constructor(symbol: string, file: LineFile, options: BinanceRecordingOptions) {
    this.#symbol = symbol;
    this.#file = file;
    this.#options = options;
    this.#received = receiveTimes(options.clock);
  }

  add(text: string): void {
    this.#write(text);
    this.#frames += 1;
    // Requested only now, so that it is not older than the first change: the book can be built without a gap.
    if (this.#snapshot === undefined && text.includes("@depth@")) this.#snapshot = this.#takeSnapshot();
  }

  async close(): Promise<void> {
    await this.#snapshot;
    await this.#file.close();
  }

  /** @throws UnavailableError `no-snapshot`: without it the tape cannot be played. */
  recorded(): RecordedFile {
    if (this.#snapshot !== undefined && this.#failure === undefined) {
      return { path: this.#file.path, frames: this.#frames };
    }
    throw new UnavailableError({
      code: "no-snapshot",
      message: `Expected a depth snapshot of ${this.#symbol}, got ${String(this.#failure ?? "no change of its book after which to request one")}.`,
      nextStep: "Check the symbol and the REST address, and record again.",
      cause: this.#failure,
    });
  }

  async #takeSnapshot(): Promise<void> {
    const url = `${this.#options.restUrl}/api/v3/depth?symbol=${this.#symbol}&limit=${SNAPSHOT_LEVELS}`;
    try {
      const { allowedHosts } = this.#options;
      const { status, text } = await requestHttp(url, { allowedHosts, deadlineMs: DEADLINE_MS });
      if (status !== 200) throw new Error(`HTTP ${status}: ${text.slice(0, 200)}`);
      this.#write(text);
    } catch (error) {
      this.#failure = error;
    }
  }

  #write(json: string): void {
    this.#file.write(`${this.#received()} ${json}`);
  }
}
