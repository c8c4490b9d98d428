import type { RecordedTrack } from "./recorded-track.ts";
import type { LinePosition } from "./tape-line.ts";

/** A source of lines: a file or a generator, in pieces of any size. */
export interface LineSource {
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

/** Makes tracks of the lines of one source. */
export interface TrackReader {
  /** @throws UsageError `bad-tape-line`, `snapshot-gap` */
  add(line: Buffer, position: LinePosition): void;
  /** The tracks, as soon as they can be played; undefined before. */
  readonly tracks: readonly RecordedTrack[] | undefined;
  /** Called after the last line. @throws UsageError when there is nothing that can be played. */
  end(position: LinePosition): readonly RecordedTrack[];
}
