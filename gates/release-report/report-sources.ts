import { z } from "zod";

/** A file that is filed of a release, in any of its archives; without a text where it was changed since. */
export interface ReportFile {
  readonly archive: string;
  readonly path: string;
  readonly commit: string | null;
  readonly atMs: number;
  readonly text: string | null;
}

const WANTED =
  /^gates\/[^/]+\/(?:canary\.json|rollback_journal\.jsonl|gate_[\w-]+\.json|snapshot_stage_\d+\.json)$|^hourly_log_\d\d\.txt$|^war-room\/[^/]+\.json$/;

/** Whether the story of a release is written from a file. */
export function isReportSource(path: string): boolean {
  return WANTED.test(path);
}

const canary = z.object({
  lead: z.string(),
  verdict: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  exposedRequests: z.number(),
  triggers: z.array(z.object({ name: z.string(), firedAt: z.string().nullable() })),
  decisions: z.array(z.object({ at: z.string(), stage: z.string(), kind: z.string(), reason: z.string() })),
});

/** A canary, as far as its history is written down. */
export type ToldCanary = z.infer<typeof canary>;

const gate = z.object({
  gate: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  checks: z.array(z.object({ title: z.string(), verdict: z.string() })),
});

/** A gate, as far as its history is written down. */
export type ReportedGate = z.infer<typeof gate>;

const rollbackLine = z.object({ at: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()) });

/** A line of the journal of a rollback. */
export type ToldRollbackLine = z.infer<typeof rollbackLine>;

/** Reads a record of a canary. */
export function toldCanary(text: string): ToldCanary | null {
  return canary.safeParse(jsonIn(text)).data ?? null;
}

/** Reads a record of a gate. */
export function reportedGate(text: string): ReportedGate | null {
  return gate.safeParse(jsonIn(text)).data ?? null;
}

/** Reads the journal of a rollback; null where a line of it cannot be read. */
export function toldRollback(text: string): readonly ToldRollbackLine[] | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const read = lines.map((line) => rollbackLine.safeParse(jsonIn(line)).data);
  const sound = read.filter((line) => line !== undefined);
  return sound.length === read.length ? sound : null;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
