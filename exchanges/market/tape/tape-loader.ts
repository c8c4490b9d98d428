import type { DepthSnapshot } from "../order-book.ts";
import { decodeSnapshot } from "./frame-codec.ts";
import { RecordedTrack } from "./recorded-track.ts";
import type { Tape, TapeFrame } from "./tape.ts";
import { badLine, type LinePosition, readTapeLine } from "./tape-line.ts";

/** A source of lines: a file or a generator, in pieces of any size. */
export interface LineSource {
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

/** Reads sources, one per symbol, in parallel into a tape that can be played before it is complete. */
export function loadTape(sources: readonly LineSource[]): Tape<RecordedTrack> {
  const loading = sources.map(loadTrack);
  const complete = Promise.all(loading.map((track) => track.complete)).then(() => undefined);
  // Callers that await `complete` or `tracks` get the error; when nobody does, it must not end the process.
  complete.catch(() => undefined);
  const tracks = Promise.all(loading.map((track) => track.ready));
  tracks.catch(() => undefined);
  return { tracks, complete };
}

class LoadingTrack {
  symbol = "";
  snapshot: DepthSnapshot | undefined;
  readonly frames: TapeFrame[] = [];
  #track: RecordedTrack | undefined;

  /** The track, once it can be played. */
  get track(): RecordedTrack | undefined {
    if (this.snapshot === undefined || this.frames.length === 0) return undefined;
    this.#track ??= new RecordedTrack(this.symbol, this.snapshot, this.frames);
    return this.#track;
  }

  /** Reads one line. */
  add(line: Buffer, position: LinePosition): void {
    const read = readTapeLine(line, position);
    if (read.kind === "frame") {
      if (this.symbol === "") this.symbol = read.symbol;
      if (read.symbol !== this.symbol) throw badLine(position, `only frames of ${this.symbol}`);
      this.frames.push(read.frame);
    } else if (this.snapshot === undefined) {
      try {
        this.snapshot = decodeSnapshot(read.body);
      } catch (cause) {
        throw badLine(position, "a depth snapshot with lastUpdateId, bids and asks", cause);
      }
    }
  }
}

function loadTrack(source: LineSource): { ready: Promise<RecordedTrack>; complete: Promise<void> } {
  const loading = new LoadingTrack();
  const ready = Promise.withResolvers<RecordedTrack>();
  const read = async (): Promise<void> => {
    let lineNumber = 0;
    for await (const lines of linesOf(source.chunks)) {
      for (const line of lines) {
        lineNumber++;
        loading.add(line, { source: source.name, lineNumber });
      }
      if (loading.track !== undefined) ready.resolve(loading.track);
    }
    const { track } = loading;
    if (track === undefined) {
      throw badLine({ source: source.name, lineNumber }, "frames and a depth snapshot up to the end");
    }
    track.isComplete = true;
  };
  const complete = read();
  complete.catch(ready.reject);
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
