import { createHash } from "node:crypto";
import { z } from "zod";

/** An event, as it is filed. */
export interface JournalEntry {
  /** 0, 1, 2 … without a gap. */
  readonly sequence: number;
  /** ISO 8601, UTC, from the run's clock. */
  readonly at: string;
  /** Dotted, lower case, stable, for programs: `fault.injected`. */
  readonly kind: string;
  readonly data: unknown;
  /** The hash of the line before; 64 zeros on the first line. */
  readonly previous: string;
  readonly hash: string;
}

/** The previous hash of the first line. */
export const GENESIS_HASH = "0".repeat(64);

/** The format of `kind`. */
export const KIND_PATTERN = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*$/;

const HASH_MARK = ',"hash":"';
const HASH_FIELD_CHARS = HASH_MARK.length + 64 + '"}'.length;
const HEX = /^[0-9a-f]{64}$/;

const entryShape = z.strictObject({
  sequence: z.int().nonnegative(),
  at: z.iso.datetime(),
  kind: z.string().regex(KIND_PATTERN),
  data: z.unknown(),
  previous: z.string().regex(HEX),
  hash: z.string().regex(HEX),
});

/**
 * Encodes one line, without its line feed, and returns its hash.
 *
 * The rule: a line is `BODY,"hash":"H"}`. BODY is everything before `,"hash":"` at the end of the line, byte
 * for byte as it stands in the file, and holds `previous`, the H of the line before. H is the SHA-256 of BODY
 * in lower-case hex. There is no canonical form to agree on: the bytes in the file are the bytes hashed, so a
 * line can be checked with `sed -n 3p journal.jsonl | head -c -76 | sha256sum` alone.
 */
export function encodeLine(entry: Omit<JournalEntry, "hash">): {
  readonly line: string;
  readonly hash: string;
} {
  const { sequence, at, kind, data, previous } = entry;
  const body = JSON.stringify({ sequence, at, kind, data: data ?? null, previous }).slice(0, -1);
  const hash = sha256Hex(body);
  return { line: `${body}${HASH_MARK}${hash}"}`, hash };
}

/** The content of a line, or why it is invalid. */
export type DecodedLine =
  | { readonly kind: "entry"; readonly entry: JournalEntry; readonly actualHash: string }
  | { readonly kind: "unreadable"; readonly received: string };

/**
 * Parses one line, without its line feed, and computes the hash of its body's bytes. Its place in the journal is not
 * checked.
 */
export function decodeLine(line: Buffer): DecodedLine {
  const text = line.toString("utf8");
  const bodyEnd = line.length - HASH_FIELD_CHARS;
  if (bodyEnd < 0 || !text.endsWith(HASH_MARK, text.length - HASH_FIELD_CHARS + HASH_MARK.length)) {
    return unreadable(text);
  }
  const parsed = entryShape.safeParse(parseJson(text));
  if (!parsed.success) return unreadable(text);
  return { kind: "entry", entry: parsed.data, actualHash: sha256Hex(line.subarray(0, bodyEnd)) };
}

function unreadable(line: string): DecodedLine {
  return { kind: "unreadable", received: line.length > 80 ? `${line.slice(0, 80)}…` : line };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // `undefined` is not a JSON value, so the shape check refuses it and the caller reports the line.
    return undefined;
  }
}

function sha256Hex(body: string | Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}
