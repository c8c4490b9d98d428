import { createReadStream, readdirSync, type Stats, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { UnavailableError, UsageError } from "../../../core/index.ts";
import type { RecordedTrack } from "./recorded-track.ts";
import type { Tape } from "./tape.ts";
import { loadTape } from "./tape-loader.ts";
import type { LineSource } from "./track-reader.ts";

const CHUNK_BYTES = 256 * 1024;

/**
 * Opens recordings as one market: each is a file, or a folder of such files. Files that end in `.gz` are decompressed
 * while they are read. `snapshots` are files for recordings without a depth snapshot.
 *
 * @throws UnavailableError `tape-not-found` when there is none, UsageError `empty-tape` for a folder without
 *   recordings. Errors inside a file reject the tape's promises.
 */
export function openRecordedTape(
  paths: readonly string[],
  snapshots: readonly string[] = [],
): Tape<RecordedTrack> {
  const [files, others] = [paths, snapshots].map((each) => each.flatMap(recordingsAt).map(sourceOf));
  return loadTape(files ?? [], others);
}

function recordingsAt(path: string): string[] {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (cause) {
    throw new UnavailableError({
      code: "tape-not-found",
      message: `Expected a market recording at ${path}, found nothing there.`,
      nextStep: "Use the path of a recording or of a folder of recordings, or `--tape synthetic`.",
      cause,
    });
  }
  if (stats.isFile()) return [path];
  if (!stats.isDirectory()) {
    throw new UsageError({
      code: "no-tape-file",
      message: `Expected ${path} to be a file or a folder, got a pipe, a device or a socket.`,
      nextStep: "Copy the recording to a file: a reset plays it again from its start.",
    });
  }
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.isFIFO() && !entry.isSocket() && !entry.isCharacterDevice())
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".gz") || name.endsWith(".jsonl"));
  if (names.length === 0) {
    throw new UsageError({
      code: "empty-tape",
      message: `Expected recordings (*.gz or *.jsonl) in the folder ${path}, found none.`,
      nextStep: "Use a folder with one recording per symbol.",
    });
  }
  return names.sort().map((name) => join(path, name));
}

function sourceOf(path: string): LineSource {
  return { name: basename(path), chunks: bytesOf(path) };
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const bytes = path.endsWith(".gz") ? unpacked(file) : file;
  try {
    // No destroyOnReturn: a reader that stops early must not make the stream fail.
    yield* bytes.iterator({ destroyOnReturn: false });
  } catch (cause) {
    throw new UsageError({
      code: "unreadable-tape",
      message: `Expected ${path} to be a readable, complete recording, got: ${String(cause)}.`,
      nextStep:
        "Check that the file is complete, and that it is gzipped if and only if its name ends in .gz.",
      cause,
    });
  } finally {
    bytes.destroy();
    file.destroy();
  }
}

function unpacked(file: Readable): Readable {
  const unpacking = createGunzip({ chunkSize: CHUNK_BYTES });
  file.once("error", (cause) => unpacking.destroy(cause));
  return file.pipe(unpacking);
}
