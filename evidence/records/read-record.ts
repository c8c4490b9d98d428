import { join } from "node:path";
import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { readWholeFile, UnreadableFile } from "../folder/open-file.ts";
import { systemCodeOf } from "../storage-error.ts";
import { backpressureRecord } from "./backpressure-record.ts";
import { drillRecord } from "./drill-record.ts";
import { RUN_SCHEMA, type RunRecord, runRecord } from "./run-record.ts";

/** A scenario's record has about a megabyte. */
const LARGEST_RECORD_BYTES = 256 * 1024 * 1024;

/** The file of each kind of record. */
const KINDS = [
  { name: "run.json", shape: runRecord },
  { name: "drill.json", shape: drillRecord },
  { name: "backpressure.json", shape: backpressureRecord },
] as const;

const anyRecord = z.discriminatedUnion("schema", [runRecord, drillRecord, backpressureRecord], {
  error: ({ input }) => versioned.safeParse(input).data?.schema ?? "nothing",
});
const versioned = z.looseObject({ schema: z.string() });
const kanitVersioned = z.looseObject({ schema: z.string().regex(/^kanit\.[a-z]{1,20}\/\d{1,9}$/) });

/** The filed record of a run of any kind; `schema` says which kind it is. */
export type FiledRecord = z.infer<typeof anyRecord>;

/** The supported versions. */
const VERSIONS: readonly string[] = KINDS.map(({ shape }) => shape.unwrap().shape.schema.value);

/** What a run's folder holds as its record. */
export type FoundRecord =
  | { readonly kind: "found"; readonly name: string; readonly record: FiledRecord }
  /** The run did not end. */
  | { readonly kind: "none" }
  /** It was written by a kanit of another version. */
  | { readonly kind: "other-version"; readonly name: string; readonly version: string }
  | { readonly kind: "unreadable"; readonly name: string; readonly why: string };

/** Finds and reads the record in a run's folder: `run.json`, `drill.json` or `backpressure.json`. */
export async function findRecord(folder: string): Promise<FoundRecord> {
  for (const { name } of KINDS) {
    const found = await readAt(join(folder, name));
    if (found.kind !== "none") return { ...found, name };
  }
  return { kind: "none" };
}

type Read =
  | { readonly kind: "found"; readonly record: FiledRecord }
  | { readonly kind: "none" }
  | { readonly kind: "other-version"; readonly version: string }
  | { readonly kind: "unreadable"; readonly why: string };

async function readAt(path: string): Promise<Read> {
  let value: unknown;
  try {
    value = JSON.parse((await readWholeFile(path, LARGEST_RECORD_BYTES)).toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: "unreadable", why: `is no JSON: ${error.message}` };
    if (!(error instanceof UnreadableFile)) throw error;
    return systemCodeOf(error.cause) === "ENOENT"
      ? { kind: "none" }
      : { kind: "unreadable", why: error.message };
  }
  const parsed = anyRecord.safeParse(value);
  if (parsed.success) return { kind: "found", record: parsed.data };
  const version = kanitVersioned.safeParse(value).data?.schema;
  if (version !== undefined && !VERSIONS.includes(version)) return { kind: "other-version", version };
  return { kind: "unreadable", why: reasonOf(parsed.error) };
}

/**
 * Reads a filed record.
 *
 * @throws UnavailableError `record-unreadable` when it cannot be read or is not a record of this version.
 */
export async function readRecord(path: string): Promise<FiledRecord> {
  const read = await readAt(path);
  switch (read.kind) {
    case "found":
      return read.record;
    case "none":
      throw unreadable(path, VERSIONS.join(", "), "no file");
    case "other-version":
      throw unreadable(path, VERSIONS.join(", "), read.version);
    case "unreadable":
      throw unreadable(path, VERSIONS.join(", "), `one that ${read.why}`);
  }
}

/**
 * Parses a record that was assembled from a journal.
 *
 * @param source Where it comes from, for the error.
 * @throws UnavailableError `record-unreadable` when it is not a record of this version.
 */
export function parseRecord(value: unknown, source: string): FiledRecord {
  const parsed = anyRecord.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(source, VERSIONS.join(", "), `one that ${reasonOf(parsed.error)}`);
}

/** Like `readRecord`, but only for a run of scenarios. */
export async function readRunRecord(path: string): Promise<RunRecord> {
  const record = await readRecord(path);
  if (record.schema === RUN_SCHEMA) return record;
  throw unreadable(path, RUN_SCHEMA, record.schema);
}

function unreadable(path: string, expected: string, received: string): UnavailableError {
  return new UnavailableError({
    code: "record-unreadable",
    message: `Expected a record (${expected}) at ${path}, got ${received}.`,
    nextStep: "Check the path; a record of another version is read by the kanit that wrote it.",
  });
}

function reasonOf({ issues: [first] }: z.ZodError): string {
  if (first === undefined) return "is something else";
  return `has at ${first.path.join(".") || "its root"}: ${first.message}`;
}
