import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lsn } from "./lsn.ts";
import { parseSegmentName, segmentNameOf } from "./segment-name.ts";
import type { Segment } from "./wal-page.ts";

/** A folder of archived segments. */
export class WalArchive {
  readonly directory: string;
  readonly #segmentBytes: number;

  /** @param segmentBytes the server's `wal_segment_size`. */
  constructor(directory: string, segmentBytes: number) {
    this.directory = directory;
    this.#segmentBytes = segmentBytes;
  }

  /** The segment that holds a place, or the name that its file would have. */
  async segmentAt(timeline: number, lsn: Lsn): Promise<Segment | { readonly missing: string }> {
    const name = segmentNameOf(timeline, lsn, this.#segmentBytes);
    const place = parseSegmentName(name, this.#segmentBytes);
    const bytes = await readFile(join(this.directory, name)).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    });
    if (bytes === null || place === null) return { missing: name };
    return { name, ...place, bytes };
  }

  /** The timelines that have segments here. */
  async timelines(): Promise<readonly number[]> {
    const names = await readdir(this.directory);
    const found = names.map((name) => parseSegmentName(name, this.#segmentBytes)?.timeline);
    return [...new Set(found.filter((timeline) => timeline !== undefined))].toSorted((a, b) => a - b);
  }
}
