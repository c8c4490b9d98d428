import { z } from "zod";
import { fields, list, measured } from "./schema.ts";

const sampleColumn = fields({
  /** Stable, for programs: `latency-ms-p95`. */
  id: z.string(),
  /** For display: `P95`. */
  label: z.string(),
  /** The chart that shows it. */
  group: z.enum(["rate", "latency", "cpu", "errors", "staleness", "event-loop", "pool"]),
  unit: z.enum(["1/s", "ms", "s", "%"]),
  values: list(measured),
});

export type SampleColumn = z.infer<typeof sampleColumn>;

export const sampleTable = fields({ atMs: list(z.number()), columns: list(sampleColumn) })
  .refine(({ atMs, columns }) => columns.every(({ values }) => values.length === atMs.length), {
    error: "expected one value for each time in every column",
  })
  .refine(({ atMs }) => atMs.every((time, index) => index === 0 || time > (atMs[index - 1] ?? 0)), {
    error: "expected times that rise",
  });

/** Series on one time axis. A column has one entry for each time; null when nothing was measured. */
export type SampleTable = z.infer<typeof sampleTable>;
