import { join } from "node:path";
import { openLineFile } from "./line-file.ts";
import { listenFor } from "./listen-for.ts";
import { receiveTimes } from "./receive-times.ts";
import type { RecordedFile, RecordingOptions } from "./recording.ts";

const CHANNELS = ["obdiff", "trade", "ticker"];

/**
 * Records the public feed of BTCTurk into `frames.jsonl`, one frame per line after the time when it was received in
 * ns, including the answers to the joins.
 *
 * @throws UnavailableError `stream-ended`; UsageError `recording-exists`.
 */
export async function recordBtcturk(options: RecordingOptions): Promise<readonly RecordedFile[]> {
  const file = await openLineFile(join(options.folder, "frames.jsonl"), options.filter);
  const received = receiveTimes(options.clock);
  const write = (frame: string) => file.write(`${received()} ${frame}`);
  const hello = options.symbols.flatMap((event) =>
    CHANNELS.map((channel) => JSON.stringify([151, { type: 151, channel, event, join: true }])),
  );
  for (const frame of hello) write(frame);
  try {
    await listenFor({ ...options, url: options.webSocketUrl, hello, onFrame: write });
  } finally {
    await file.close();
  }
  return [{ path: file.path, frames: file.lines - hello.length }];
}
