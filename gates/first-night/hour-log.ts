import { z } from "zod";

const verdict = z.enum(["pass", "fail", "inconclusive"]);
const lines = z.array(z.string()).readonly();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const schema = z.object({
  schema: z.literal("kanit.hour/1"),
  release: z.string(),
  /** When the night began that it belongs to. */
  night: z.string(),
  hour: z.number().int().nonnegative(),
  hours: z.number().int().positive(),
  timeScale: z.number(),
  verdict,
  target: z.string(),
  dueAt: z.string(),
  takenAt: z.string(),
  /** The log before it, with its digest; null for the first one. */
  previous: z.object({ name: z.string(), sha256 }).nullable(),
  /** The hours between that log and this one, which nobody checked. */
  missed: z.array(z.number()).readonly(),
  problems: lines,
  missing: lines,
  requests: z.number().nullable(),
  signals: z
    .array(
      z.object({ id: z.string(), value: z.number().nullable(), standing: z.string(), limit: z.string() }),
    )
    .readonly(),
  burns: z
    .array(
      z.object({
        ...{ objective: z.string(), window: z.string(), factor: z.number(), severity: z.string() },
        ...{ long: z.number().nullable(), short: z.number().nullable(), standing: z.string() },
      }),
    )
    .readonly(),
  budgets: z.array(z.object({ objective: z.string(), left: z.number().nullable() })).readonly(),
});

/** What the check of an hour found. */
export type HourRecord = z.infer<typeof schema>;

/** The last line of a log is its record, for programs. */
const MARK = "record    ";
const DIGITS = 4;

/** The text of an hour's log. All of it comes from the record in its last line. */
export function hourLogText(record: HourRecord): string {
  const { previous, missed, signals, burns, budgets } = record;
  const rehearsal =
    record.timeScale === 1 ? "" : ` (a rehearsal, ${record.timeScale} times as fast as the wall clock)`;
  const text = [
    `First night of ${record.release}, hour ${hourText(record.hour)} of ${record.hours}${rehearsal}`,
    `verdict   ${record.verdict}`,
    `night     began at ${record.night}`,
    `due       ${record.dueAt}`,
    `taken     ${record.takenAt}`,
    `target    ${record.target}`,
    `previous  ${previous === null ? "none: this is the first log" : `${previous.name} sha256:${previous.sha256}`}`,
    `missed    ${missed.length === 0 ? "none" : missed.map(hourText).join(", ")}`,
    ...record.problems.map((line) => `PROBLEM   ${line}`),
    ...record.missing.map((line) => `MISSING   ${line}`),
    "",
    `${record.requests === null ? "unknown" : Math.floor(record.requests)} requests within the hour`,
    ...signals.map(
      ({ id, value, standing, limit }) =>
        `${standing.padEnd(10)}${id.padEnd(24)}${numberText(value).padEnd(12)}${limit}`,
    ),
    "",
    ...burns.map(
      ({ objective, window, factor, severity, long, short, standing }) =>
        `${standing.padEnd(10)}${objective.padEnd(14)}burn over ${window.padEnd(8)} ${numberText(long)} / ${numberText(short)}, ${severity} above ${factor}`,
    ),
    ...budgets.map(
      ({ objective, left }) => `${"".padEnd(10)}${objective.padEnd(14)}budget left ${numberText(left)}`,
    ),
    "",
    // By the schema, so that its fields have one order.
    `${MARK}${JSON.stringify(schema.parse(record))}`,
  ];
  return `${text.join("\n")}\n`;
}

/** Reads the record of an hour's log; null for a text that is no such log, or that was not made of its record. */
export function readHourLog(text: string): HourRecord | null {
  const last = text.trimEnd().split("\n").at(-1) ?? "";
  if (!last.startsWith(MARK)) return null;
  try {
    const record = schema.safeParse(JSON.parse(last.slice(MARK.length))).data ?? null;
    return record === null || hourLogText(record) !== text ? null : record;
  } catch {
    return null;
  }
}

/** `07` */
export function hourText(hour: number): string {
  return String(hour).padStart(2, "0");
}

function numberText(value: number | null): string {
  return value === null ? "none" : String(Number(value.toPrecision(DIGITS)));
}
