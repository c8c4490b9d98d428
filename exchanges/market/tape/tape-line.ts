import { UsageError } from "../../../core/index.ts";
import type { FrameKind, TapeFrame } from "./tape.ts";

/** The content of a line of a tape: a stream's frame or the REST depth snapshot. */
export type TapeLine =
  | { readonly kind: "frame"; readonly symbol: string; readonly frame: TapeFrame }
  | { readonly kind: "snapshot"; readonly body: Buffer };

/** The place of a line, for error messages. */
export interface LinePosition {
  readonly source: string;
  readonly lineNumber: number;
}

const ENVELOPE_START = '{"stream":"';
const DATA_KEY = '","data":';
const SNAPSHOT_START = '{"lastUpdateId":';
const KINDS: ReadonlyMap<string, FrameKind> = new Map([
  ["depth", "depth"],
  ["trade", "trade"],
  ["bookTicker", "bookTicker"],
]);

/**
 * Reads `<receive time, ns since epoch> <JSON>`, without copying the JSON and without parsing it.
 *
 * @throws UsageError `bad-tape-line` when the line has another form.
 */
export function readTapeLine(line: Buffer, position: LinePosition): TapeLine {
  const space = line.indexOf(0x20);
  const receivedNs = line.toString("latin1", 0, Math.max(space, 0));
  if (!/^\d{16,20}$/.test(receivedNs)) throw badLine(position, "a receive time in ns and a space first");
  const body = line.subarray(space + 1);
  if (startsWith(body, SNAPSHOT_START)) return { kind: "snapshot", body };
  if (!startsWith(body, ENVELOPE_START))
    throw badLine(position, "a combined-stream frame or a depth snapshot");
  const nameEnd = body.indexOf(DATA_KEY, ENVELOPE_START.length);
  const stream = body.toString("utf8", ENVELOPE_START.length, Math.max(nameEnd, 0));
  const [symbol = "", kindName = ""] = stream.split("@");
  const kind = KINDS.get(kindName);
  if (nameEnd < 0 || symbol === "" || kind === undefined || body.at(-1) !== 0x7d) {
    throw badLine(position, "a depth, trade or bookTicker frame");
  }
  const data = body.subarray(nameEnd + DATA_KEY.length, body.length - 1);
  const atMs = Number(receivedNs) / 1e6;
  return { kind: "frame", symbol: symbol.toUpperCase(), frame: { atMs, kind, stream, envelope: body, data } };
}

/** The error for a line that cannot be played. */
export function badLine(position: LinePosition, expected: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "bad-tape-line",
    message: `Expected ${expected} in line ${position.lineNumber} of ${position.source}.`,
    nextStep:
      "Use a recording of lines `<receive time in ns> <frame>`, plain or gzipped; `--snapshot` completes one without a depth snapshot.",
    cause,
  });
}

function startsWith(bytes: Buffer, text: string): boolean {
  return bytes.length >= text.length && bytes.toString("latin1", 0, text.length) === text;
}
