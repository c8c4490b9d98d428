import { z } from "zod";
import { describeLimit } from "../../signals/index.ts";
import type { FiledOfRelease } from "../engine/target.ts";
import type { GoldenReading } from "../golden/golden-reading.ts";
import { CANARY_STAGES, type CanaryStage } from "./stage.ts";

const verdict = z.enum(["pass", "fail", "inconclusive"]);
const lines = z.array(z.string()).readonly();

const schema = z.object({
  schema: z.literal("kanit.snapshot/1"),
  release: z.string(),
  stage: z.enum(CANARY_STAGES),
  target: z.string(),
  commit: z.string().nullable(),
  at: z.string(),
  verdict,
  files: z.array(z.object({ name: z.string(), verdict, problems: lines, missing: lines })).readonly(),
  /** Null where no golden signal could be asked for. */
  golden: z
    .object({
      source: z.string(),
      window: z.string(),
      at: z.string(),
      requests: z.number().nullable(),
      stalenessSecondsP95: z.number().nullable(),
      cspBaselinePerMinute: z.number().nullable(),
      signals: z
        .array(
          z.object({
            id: z.string(),
            value: z.number().nullable(),
            limit: z.string(),
            standing: z.enum(["within", "over", "unknown"]),
            why: z.string(),
          }),
        )
        .readonly(),
    })
    .nullable(),
});

/** A snapshot as programs read it: the one line of a release is made of these. */
export type SnapshotRecord = z.infer<typeof schema>;
export type RecordedGolden = NonNullable<SnapshotRecord["golden"]>;

/** `snapshot_stage_5.json` */
export function snapshotRecordName(stage: CanaryStage): string {
  return `snapshot_stage_${stage}.json`;
}

/** The golden signals as a record has them. */
export function recordedGolden(reading: GoldenReading): RecordedGolden {
  const { source, window, atMs, requests, stalenessSecondsP95, cspBaselinePerMinute, signals } = reading;
  return {
    ...{ source, window, requests, stalenessSecondsP95, cspBaselinePerMinute },
    at: new Date(atMs).toISOString(),
    signals: signals.map(({ signal, value, standing, why }) => ({
      ...{ id: signal.id, limit: describeLimit(signal) },
      // JSON has no infinity.
      ...{ value: value !== null && Number.isFinite(value) ? value : null, standing, why },
    })),
  };
}

/** Reads the newest snapshot of a stage that is filed; null where there is none that can be read. */
export async function readSnapshot(
  evidence: FiledOfRelease,
  stage: CanaryStage,
): Promise<SnapshotRecord | null> {
  const filed = await evidence(snapshotRecordName(stage));
  if (filed === null) return null;
  try {
    return schema.safeParse(JSON.parse(filed.text)).data ?? null;
  } catch {
    // Somebody's text under this name is no snapshot.
    return null;
  }
}
