import { encodeEnvelope } from "./frame-codec.ts";
import type { FrameKind, TapeFrame } from "./tape.ts";

/** The venue's time of an event that was recorded at `tapeMs`; both in ms since the epoch. */
export type Retime = (tapeMs: number) => number;

/** Keeps the recorded times, and with them every byte of the frames. */
export const AS_RECORDED: Retime = (tapeMs) => tapeMs;

/** The fields that contain times: of the event and of the trade. A bookTicker has none. */
const TIME_FIELDS: Readonly<Record<FrameKind, readonly ("E" | "T")[]>> = {
  depth: ["E"],
  trade: ["E", "T"],
  bookTicker: [],
};
const ZERO = 0x30;
const NINE = 0x39;

/**
 * A frame with its times changed. Their digits are overwritten, since a tape plays hundreds of frames a
 * second.
 */
export function retimed(frame: TapeFrame, retime: Retime): TapeFrame {
  const fields = TIME_FIELDS[frame.kind];
  if (retime === AS_RECORDED || fields.length === 0) return frame;
  const envelope = Buffer.from(frame.envelope);
  const dataStart = envelope.length - 1 - frame.data.length;
  for (const field of fields) {
    if (!overwriteTime(envelope, dataStart, field, retime)) return reencoded(frame, fields, retime);
  }
  return { ...frame, envelope, data: envelope.subarray(dataStart, envelope.length - 1) };
}

/** Overwrites one time in place. Returns whether it could: the number of digits must be the same. */
function overwriteTime(envelope: Buffer, dataStart: number, field: string, retime: Retime): boolean {
  const key = `"${field}":`;
  const keyStart = envelope.indexOf(key, dataStart, "latin1");
  if (keyStart < 0) return false;
  const start = keyStart + key.length;
  let end = start;
  for (
    let digit = envelope[end];
    digit !== undefined && digit >= ZERO && digit <= NINE;
    digit = envelope[end]
  )
    end++;
  const moved = String(Math.floor(retime(Number(envelope.toString("latin1", start, end)))));
  if (moved.length !== end - start) return false;
  envelope.write(moved, start, "latin1");
  return true;
}

/** For frames with white space, or with times of another length. */
function reencoded(frame: TapeFrame, fields: readonly string[], retime: Retime): TapeFrame {
  const data = JSON.parse(frame.data.toString()) as Record<string, unknown>;
  for (const field of fields) {
    const recorded = data[field];
    if (typeof recorded === "number") data[field] = Math.floor(retime(recorded));
  }
  return { ...frame, ...encodeEnvelope(frame.stream, data) };
}
