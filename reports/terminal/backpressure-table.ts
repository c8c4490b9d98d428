import { formatDuration, type Verdict } from "../../core/index.ts";
import type { BackpressureRecord, StepRecord } from "../../evidence/index.ts";
import { cutTo, toOneLine } from "../plain-text.ts";

export interface BackpressureTerminalOptions {
  readonly colour: boolean;
  /** Longer lines are cut, except commands and paths, which must be copied whole. */
  readonly columns: number;
  readonly reportPath: string;
}

/** A column of the table: its heading, with its unit, and what a step has there. */
export interface BackpressureColumn {
  readonly heading: string;
  readonly of: (step: StepRecord, cores: number) => string;
}

const VERDICT_COLOUR: Readonly<Record<Verdict, string>> = { pass: "32", fail: "31", inconclusive: "33" };
const MARK = { held: "✓", broken: "✕", undecided: "?" } as const;
const COLOUR = { held: "32", broken: "31", undecided: "33" } as const;
const BOLD = "1";
const DIM = "2";

/** What is shown of each rate, in every format: times in ms, CPU of what the platform can use. */
export const BACKPRESSURE_COLUMNS: readonly BackpressureColumn[] = [
  { heading: "op/s", of: ({ rateRps }) => String(rateRps) },
  { heading: "answered", of: ({ achievedRps }) => achievedRps.toFixed(0) },
  { heading: "errors", of: ({ errorRatio }) => percent(errorRatio) },
  { heading: "P50", of: ({ latencyMs }) => amount(latencyMs.p50) },
  { heading: "P95", of: ({ latencyMs }) => amount(latencyMs.p95) },
  { heading: "P99", of: ({ latencyMs }) => amount(latencyMs.p99) },
  { heading: "CPU", of: ({ resources }, cores) => percent(shareOf(resources.cpuCores, cores)) },
  { heading: "loop lag", of: ({ resources }) => amount(resources.eventLoopLagMsP99) },
  { heading: "pool queue", of: ({ resources }) => amount(resources.poolWaiting) },
  { heading: "lock waits", of: ({ resources }) => amount(resources.lockWaiting) },
];

/** What an operation waits for, on average. */
const WAIT_COLUMNS: readonly BackpressureColumn[] = [
  { heading: "in pool", of: ({ resources }) => amount(resources.waits.poolMs) },
  { heading: "on locks", of: ({ resources }) => amount(resources.waits.locksMs) },
  { heading: "in database", of: ({ resources }) => amount(resources.waits.databaseMs) },
  { heading: "at venue", of: ({ resources }) => amount(resources.waits.venueMs) },
];
const COLUMNS = [...BACKPRESSURE_COLUMNS, ...WAIT_COLUMNS];
const UNITS =
  "Times in ms, loop lag at P99; queue and lock waits: how many at a time; the last four: ms for each operation.";

/** Renders a search for a terminal: what came out, and a line for each rate. Ends with a line feed. */
export function renderBackpressureTerminal(
  sheet: BackpressureRecord,
  { colour, columns, reportPath }: BackpressureTerminalOptions,
): string {
  const paint = (code: string, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const cells = (step: StepRecord) => COLUMNS.map(({ of }) => of(step, sheet.cores));
  const headings = COLUMNS.map(({ heading }) => heading);
  const line = (texts: readonly string[]): string =>
    cutTo(texts.map((text, index) => text.padStart(headings[index]?.length ?? 0)).join("  "), columns - 4);
  const verdict = sheet.verdict.toUpperCase();
  return [
    `${paint(`${BOLD};${VERDICT_COLOUR[sheet.verdict]}`, verdict)}  ${cutTo(factsOf(sheet), columns - verdict.length - 2)}`,
    `    ${paint(DIM, line(headings))}`,
    ...sheet.steps.map(
      (step) => `  ${paint(COLOUR[step.finding.kind], MARK[step.finding.kind])} ${line(cells(step))}`,
    ),
    `    ${paint(DIM, cutTo(UNITS, columns - 4))}`,
    ...wrapped(toOneLine(sheet.why), columns),
    `${paint(DIM, "Repeat")}  ${toOneLine(sheet.command)}`,
    `${paint(DIM, "Report")}  ${toOneLine(reportPath)}`,
    "",
  ].join("\n");
}

/** Renders a search as Markdown, for a step summary or a pull request. Ends with a line feed. */
export function renderBackpressureMarkdown(sheet: BackpressureRecord): string {
  const cell = (text: string): string => toOneLine(text).replaceAll("|", "\\|");
  const row = (step: StepRecord): string =>
    `| ${MARK[step.finding.kind]} | ${COLUMNS.map(({ of }) => of(step, sheet.cores)).join(" | ")} |`;
  return [
    `## Backpressure: ${sheet.verdict.toUpperCase()}`,
    "",
    cell(sheet.why),
    "",
    cell(factsOf(sheet)),
    "",
    `| | ${COLUMNS.map(({ heading }) => heading).join(" | ")} |`,
    `|---|${COLUMNS.map(() => "--:").join("|")}|`,
    ...sheet.steps.map(row),
    "",
    UNITS,
    "",
    `Repeat: \`${toOneLine(sheet.command)}\``,
    "",
  ].join("\n");
}

function factsOf({ title, planted, startedAt, endedAt, seed, objective }: BackpressureRecord): string {
  const tookMs = Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) || 0;
  return [
    toOneLine(title),
    `P95 below ${objective.latencyMsP95} ms`,
    ...planted.map(toOneLine),
    formatDuration(tookMs),
    `seed ${seed}`,
  ].join(" · ");
}

function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** CPU in cores as a share of what the platform can use. */
export function shareOf(cpuCores: number | null, cores: number): number | null {
  return cpuCores === null ? null : cpuCores / cores;
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function amount(value: number | null): string {
  if (value === null) return "–";
  return value.toFixed(value < 10 ? 1 : 0);
}
