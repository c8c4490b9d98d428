import { UsageError } from "../../../core/index.ts";
import { type DepthSnapshot, OrderBook } from "../order-book.ts";
import { decodeDepth, decodeSnapshot } from "./frame-codec.ts";
import type { RecordedTrack } from "./recorded-track.ts";
import type { LineSource } from "./track-reader.ts";

/** Depth snapshots for recordings that have none. A venue's answer does not name its symbol: null. */
export type Snapshots = readonly { readonly symbol: string | null; readonly snapshot: DepthSnapshot }[];

/** The snapshot for a symbol, if there is one. */
export function snapshotOf(symbol: string, snapshots: Snapshots): DepthSnapshot | undefined {
  const named = snapshots.find((each) => each.symbol === symbol);
  return (named ?? snapshots.find((each) => each.symbol === null))?.snapshot;
}

/**
 * Reads snapshots: each source is a venue's answer as JSON, or a recording whose book at its end is taken.
 *
 * @throws UsageError `bad-snapshot-file`, or what `load` throws for a recording.
 */
export async function readSnapshots(
  sources: readonly LineSource[],
  load: (source: LineSource) => { readonly complete: Promise<readonly RecordedTrack[]> },
): Promise<Snapshots> {
  const read = sources.map(async (source) => {
    const chunks: Buffer[] = [];
    for await (const chunk of source.chunks) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (/^\s*\{/.test(bytes.toString("latin1", 0, 100))) return [answerIn(bytes, source.name)];
    const tracks = await load({ name: source.name, chunks: piecesOf(chunks) }).complete;
    return tracks.map((track) => ({ symbol: track.symbol, snapshot: endOf(track) }));
  });
  return (await Promise.all(read)).flat();
}

async function* piecesOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

function answerIn(bytes: Buffer, name: string): Snapshots[number] {
  try {
    return { symbol: null, snapshot: decodeSnapshot(bytes) };
  } catch (cause) {
    throw new UsageError({
      code: "bad-snapshot-file",
      message: `Expected a depth snapshot with lastUpdateId, bids and asks, or a recording, in ${name}.`,
      nextStep: "Save the answer of /api/v3/depth, or name the recording before the first: --snapshot.",
      cause,
    });
  }
}

/** The book after the last frame of a recording. */
function endOf(track: RecordedTrack): DepthSnapshot {
  const book = new OrderBook();
  book.load(track.snapshot);
  for (const { kind, data } of track.frames) if (kind === "depth") book.apply(decodeDepth(data));
  const { bids, asks, lastUpdateId } = book;
  return { lastUpdateId, bids: bids.levels().toArray(), asks: asks.levels().toArray() };
}
