import { readFile } from "node:fs/promises";
import { z } from "zod";
import { UnavailableError } from "../core/index.ts";
import type { RunRecord, ScenarioRecord } from "./run-record.ts";

const verdict = z.enum(["pass", "fail", "inconclusive"]);
const measured = z.number().nullable();

const samples = z
  .strictObject({
    atMs: z.array(z.number()),
    columns: z.array(
      z.strictObject({
        id: z.string(),
        label: z.string(),
        group: z.enum(["rate", "latency", "cpu", "errors", "staleness", "event-loop", "pool"]),
        unit: z.enum(["1/s", "ms", "s", "%"]),
        values: z.array(measured),
      }),
    ),
  })
  .refine(({ atMs, columns }) => columns.every(({ values }) => values.length === atMs.length), {
    error: "expected one value for each time in every column",
  })
  .refine(({ atMs }) => atMs.every((time, index) => index === 0 || time > (atMs[index - 1] ?? 0)), {
    error: "expected times that rise",
  });

const fault = z.strictObject({
  label: z.string(),
  kind: z.string(),
  link: z.string(),
  injectedAtMs: z.number(),
  healedAtMs: measured,
  bite: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("counted"),
      connections: z.number(),
      bytes: z.number(),
      messages: measured,
    }),
    z.strictObject({ kind: z.literal("unknown"), why: z.string() }),
  ]),
});

const trigger = z.strictObject({
  name: z.string(),
  severity: z.string(),
  expression: z.string(),
  summary: z.string(),
  expected: z.enum(["fires", "quiet", "either"]),
  verdict,
  history: z.array(
    z.strictObject({
      atMs: z.number(),
      state: z.enum(["no-data", "inactive", "pending", "firing"]),
      value: measured,
    }),
  ),
  firedAtMs: measured,
  firedAfterFaultMs: measured,
});

const operations = z.strictObject({
  rateRps: z.number(),
  total: z.number(),
  succeeded: z.number(),
  rejected: z.number(),
  failed: z.number(),
  unknown: z.number(),
  latencyMs: z.strictObject({ p50: measured, p95: measured, p99: measured, max: measured }),
});

const scenario = z.strictObject({
  name: z.string(),
  hypothesis: z.string(),
  verdict,
  reasons: z.array(z.string()),
  seed: z.number(),
  command: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  phases: z.array(
    z.strictObject({
      name: z.enum(["warm-up", "steady-before", "fault", "recovery", "steady-after"]),
      startMs: z.number(),
      endMs: z.number(),
    }),
  ),
  faults: z.array(fault),
  samples,
  triggers: z.array(trigger),
  checks: z.array(
    z.strictObject({
      kind: z.enum(["steady-state", "fault", "trigger", "recovery", "invariant", "harness"]),
      name: z.string(),
      verdict,
      expected: z.string(),
      received: z.string(),
    }),
  ),
  operations,
  logs: z.array(z.strictObject({ process: z.string(), path: z.string() })),
}) satisfies z.ZodType<ScenarioRecord>;

const environment = z.strictObject({
  runtime: z.string(),
  kanitVersion: z.string(),
  commit: z.string(),
  node: z.string(),
  os: z.string(),
  cpuModel: z.string(),
  cpuCount: z.number(),
  memoryBytes: z.number(),
  postgres: z.string(),
  pgbouncer: z.string(),
  proxy: z.string(),
  market: z.string(),
  tapeSpeed: z.number(),
  timeScale: z.number(),
});

const runRecord = z.strictObject({
  schema: z.literal("kanit.run/1"),
  runId: z.string(),
  title: z.string(),
  command: z.string(),
  seed: z.number(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  verdict,
  environment,
  scenarios: z.array(scenario),
  notRun: z.array(z.strictObject({ name: z.string(), why: z.string() })),
}) satisfies z.ZodType<RunRecord>;

/**
 * Reads a filed `run.json`, to report on it again or to compare runs.
 *
 * @throws UnavailableError `run-record-unreadable` when it cannot be read or is no record of this version.
 */
export async function readRunRecord(path: string): Promise<RunRecord> {
  try {
    return runRecord.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new UnavailableError({
      code: "run-record-unreadable",
      message: `Expected a kanit.run/1 record at ${path}, got ${reasonOf(cause)}.`,
      nextStep: "Check the path; a record of another version is read by the kanit that wrote it.",
      cause,
    });
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof z.ZodError)) return cause instanceof Error ? cause.message : String(cause);
  const [first] = cause.issues;
  return first === undefined
    ? "something else"
    : `at ${first.path.join(".") || "its root"}: ${first.message}`;
}
