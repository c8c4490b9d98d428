import { formatDuration, type Verdict } from "../../core/index.ts";
import type { DrillRecord, TriggerDrill } from "../../evidence/index.ts";
import { cutTo, toOneLine } from "../plain-text.ts";

export interface DrillTerminalOptions {
  readonly colour: boolean;
  /** Longer lines are cut, except commands and paths, which must be copied whole. */
  readonly columns: number;
  readonly reportPath: string;
}

const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };
const COLOUR: Readonly<Record<Verdict, string>> = { pass: "32", fail: "31", inconclusive: "33" };
const BOLD = "1";
const DIM = "2";
const HEADINGS = ["trigger", "condition", "after fault", "after true", "fired with it"];

/** Renders a drill for a terminal: the verdict, a line for each alert, the quiet run. Ends with a line feed. */
export function renderDrillTerminal(
  sheet: DrillRecord,
  { colour, columns, reportPath }: DrillTerminalOptions,
): string {
  const paint = (code: string, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const mark = (verdict: Verdict): string => paint(COLOUR[verdict], MARK[verdict]);
  const widths = [0, 1].map((column) =>
    Math.max(...[HEADINGS, ...sheet.triggers.map(cellsOf)].map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    [
      cells[0]?.padEnd(widths[0] ?? 0),
      cells[1]?.padEnd(widths[1] ?? 0),
      cells[2]?.padStart(11),
      cells[3]?.padStart(10),
      cells[4],
    ].join("  ");
  const rowLine = (row: TriggerDrill): string => {
    if (row.verdict === "pass") return `  ${mark(row.verdict)} ${cutTo(line(cellsOf(row)), columns - 4)}`;
    const why = cutTo(toOneLine(row.why), columns - 6 - (widths[0] ?? 0));
    return `  ${mark(row.verdict)} ${row.trigger.padEnd(widths[0] ?? 0)}  ${why}`;
  };
  const verdict = sheet.verdict.toUpperCase();
  return [
    `${paint(`${BOLD};${COLOUR[sheet.verdict]}`, verdict)}  ${cutTo(factsOf(sheet), columns - verdict.length - 2)}`,
    `    ${paint(DIM, cutTo(line(HEADINGS), columns - 4))}`,
    ...sheet.triggers.map(rowLine),
    `  ${mark(sheet.quiet.verdict)} ${cutTo(quietLine(sheet), columns - 4)}`,
    `${paint(DIM, "Repeat")}  ${toOneLine(sheet.command)}`,
    `${paint(DIM, "Report")}  ${toOneLine(reportPath)}`,
    "",
  ].join("\n");
}

/** Renders a drill as Markdown, for a step summary or a pull request. Ends with a line feed. */
export function renderDrillMarkdown(sheet: DrillRecord): string {
  const cell = (text: string): string => toOneLine(text).replaceAll("|", "\\|");
  const rowLine = (row: TriggerDrill): string => {
    const cells = row.verdict === "pass" ? cellsOf(row) : [row.trigger, row.why, "", "", ""];
    return `| ${MARK[row.verdict]} | ${cells.map(cell).join(" | ")} |`;
  };
  return [
    `## Drill: ${sheet.verdict.toUpperCase()}`,
    "",
    `${cell(factsOf(sheet))}. Times are seconds of the lab; one stands for ${sheet.environment.timeScale} s of production.`,
    "",
    `| | ${HEADINGS.join(" | ")} |`,
    "|---|---|---|--:|--:|---|",
    ...sheet.triggers.map(rowLine),
    "",
    `${MARK[sheet.quiet.verdict]} ${cell(quietLine(sheet))}`,
    "",
    `Repeat: \`${toOneLine(sheet.command)}\``,
    "",
  ].join("\n");
}

function cellsOf(row: TriggerDrill): readonly string[] {
  return [
    row.trigger,
    row.condition ?? "–",
    row.firedAfterFaultMs === null ? "–" : seconds(row.firedAfterFaultMs),
    row.firedAfterTrueMs === null ? "–" : seconds(row.firedAfterTrueMs),
    row.firedWith.length === 0 ? "–" : row.firedWith.join(", "),
  ];
}

function factsOf({ title, triggers, startedAt, endedAt, seed, environment }: DrillRecord): string {
  const fired = triggers.filter((row) => row.verdict === "pass").length;
  const tookMs = Math.max(0, Date.parse(endedAt) - Date.parse(startedAt)) || 0;
  const parts = [
    toOneLine(title),
    `${fired} of ${triggers.length} fired`,
    formatDuration(tookMs),
    `seed ${seed}`,
    `time scale ${environment.timeScale}`,
  ];
  return parts.join(" · ");
}

function quietLine({ quiet }: DrillRecord): string {
  const fired = quiet.fired.length === 0 ? "" : `${quiet.fired.join(", ")}: `;
  return `quiet run of ${formatDuration(quiet.watchedMs)}: ${fired}${toOneLine(quiet.why)}`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}
