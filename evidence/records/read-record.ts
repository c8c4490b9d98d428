import { readFile } from "node:fs/promises";
import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { backpressureRecord } from "./backpressure-record.ts";
import { drillRecord } from "./drill-record.ts";
import { RUN_SCHEMA, type RunRecord, runRecord } from "./run-record.ts";

const KINDS = [runRecord, drillRecord, backpressureRecord] as const;
const versioned = z.looseObject({ schema: z.string() });
const anyRecord = z.discriminatedUnion("schema", KINDS, {
  error: ({ input }) => versioned.safeParse(input).data?.schema ?? "nothing",
});

/** The filed record of a run of any kind; `schema` says which kind it is. */
export type FiledRecord = z.infer<typeof anyRecord>;

/** The supported versions. */
const VERSIONS: readonly string[] = KINDS.map((record) => record.unwrap().shape.schema.value);

/**
 * Reads a filed record: `run.json`, `drill.json` or `backpressure.json`.
 *
 * @throws UnavailableError `record-unreadable` when it cannot be read or is not a record of this version.
 */
export async function readRecord(path: string): Promise<FiledRecord> {
  try {
    return anyRecord.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw unreadable(path, VERSIONS.join(", "), reasonOf(cause), cause);
  }
}

/**
 * Parses a run's record that was assembled from its journal.
 *
 * @param source Where it comes from, for the error.
 * @throws UnavailableError `record-unreadable` when it is not a record of this version.
 */
export function parseRunRecord(value: unknown, source: string): RunRecord {
  const parsed = runRecord.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(source, RUN_SCHEMA, reasonOf(parsed.error), parsed.error);
}

/** Like `readRecord`, but only for a run of scenarios. */
export async function readRunRecord(path: string): Promise<RunRecord> {
  const record = await readRecord(path);
  if (record.schema === RUN_SCHEMA) return record;
  throw unreadable(path, RUN_SCHEMA, record.schema, null);
}

function unreadable(path: string, expected: string, received: string, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: "record-unreadable",
    message: `Expected a record (${expected}) at ${path}, got ${received}.`,
    nextStep: "Check the path; a record of another version is read by the kanit that wrote it.",
    cause,
  });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return cause instanceof Error ? cause.message : String(cause);
  const [first] = cause.issues;
  return first === undefined
    ? "something else"
    : `at ${first.path.join(".") || "its root"}: ${first.message}`;
}
