import { join } from "node:path";
import { openLineFile } from "./line-file.ts";
import { listenFor } from "./listen-for.ts";
import type { RecordedFile, RecordingOptions } from "./recording.ts";

const CHANNELS = ["obdiff", "trade", "ticker"];

/**
 * Records the public feed of BTCTurk into `frames.jsonl`, one frame per line, including the answers to the
 * joins.
 *
 * @throws UnavailableError `stream-ended`; UsageError `recording-exists`.
 */
export async function recordBtcturk(options: RecordingOptions): Promise<readonly RecordedFile[]> {
  const file = await openLineFile(join(options.folder, "frames.jsonl"), options.filter);
  const hello = options.symbols.flatMap((event) =>
    CHANNELS.map((channel) => JSON.stringify([151, { type: 151, channel, event, join: true }])),
  );
  for (const frame of hello) file.write(frame);
  try {
    await listenFor({ ...options, url: options.webSocketUrl, hello, onFrame: (text) => file.write(text) });
  } finally {
    await file.close();
  }
  return [{ path: file.path, frames: file.lines - hello.length }];
}
