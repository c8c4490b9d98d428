import { UsageError } from "../../../core/index.ts";
import { BinanceLines } from "./binance-lines.ts";
import { BtcturkLines, isBtcturkLine } from "./btcturk-lines.ts";
import type { RecordedTrack } from "./recorded-track.ts";
import { readSnapshots, type Snapshots } from "./snapshot-files.ts";
import type { Tape } from "./tape.ts";
import type { LineSource, TrackReader } from "./track-reader.ts";

/**
 * Reads sources in parallel into a tape that can be played before it is complete. Where a source has no depth
 * snapshot, it is taken from `snapshots`: a venue's answer, or the recording before this one.
 */
export function loadTape(
  sources: readonly LineSource[],
  snapshots: readonly LineSource[] = [],
): Tape<RecordedTrack> {
  const given = readSnapshots(snapshots, (source) => loadSource(source, Promise.resolve([])));
  const loading = sources.map((source) => loadSource(source, given));
  const complete = Promise.all(loading.map((track) => track.complete)).then(() => undefined);
  // Callers that await `complete` or `tracks` get the error; when nobody does, it must not end the process.
  complete.catch(() => undefined);
  const tracks = Promise.all(loading.map((track) => track.ready)).then((each) => eachOnce(each.flat()));
  tracks.catch(() => undefined);
  return { tracks, complete };
}

/** @throws UsageError `symbol-recorded-twice` */
function eachOnce(tracks: readonly RecordedTrack[]): readonly RecordedTrack[] {
  const symbols = tracks.map(({ symbol }) => symbol);
  const twice = symbols.find((symbol, index) => symbols.indexOf(symbol) !== index);
  if (twice === undefined) return tracks;
  throw new UsageError({
    code: "symbol-recorded-twice",
    message: `Expected one recording of each symbol, got two of ${twice}.`,
    nextStep: "Name one of them; `--snapshot` takes the recording before it.",
  });
}

function loadSource(
  source: LineSource,
  snapshots: Promise<Snapshots>,
): { ready: Promise<readonly RecordedTrack[]>; complete: Promise<readonly RecordedTrack[]> } {
  const ready = Promise.withResolvers<readonly RecordedTrack[]>();
  const read = async (): Promise<readonly RecordedTrack[]> => {
    const given = await snapshots;
    let reader: TrackReader | undefined;
    let lineNumber = 0;
    for await (const lines of linesOf(source.chunks)) {
      for (const line of lines) {
        lineNumber++;
        reader ??= isBtcturkLine(line) ? new BtcturkLines() : new BinanceLines(given);
        reader.add(line, { source: source.name, lineNumber });
      }
      if (reader?.tracks !== undefined) ready.resolve(reader.tracks);
    }
    reader ??= new BinanceLines(given);
    const tracks = reader.end({ source: source.name, lineNumber });
    for (const track of tracks) track.isComplete = true;
    ready.resolve(tracks);
    return tracks;
  };
  const complete = read();
  complete.catch(ready.reject);
  ready.promise.catch(() => undefined);
  return { ready: ready.promise, complete };
}

/** Reads all lines of a chunk at once: a promise per line would cost more than the reading. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      if (end > start) lines.push(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    yield lines;
  }
  if (rest.length > 0) yield [rest];
}
