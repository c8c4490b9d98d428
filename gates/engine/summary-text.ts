import { formatDuration, type Verdict } from "../../core/index.ts";
import type { GateRecord } from "../../evidence/index.ts";

const NAME_WIDTH = 26;

/** What a verdict is called in a decision. */
export function decisionOf({ verdict, targetKind }: Pick<GateRecord, "verdict" | "targetKind">): string {
  const words: Readonly<Record<Verdict, string>> = {
    pass: targetKind === "lab" ? "GO (a rehearsal in a lab: it releases nothing by itself)" : "GO",
    fail: "NO-GO",
    inconclusive: "NO-GO (inconclusive)",
  };
  return words[verdict];
}

/**
 * The summary of a gate as plain text: what was examined, each check on a line, what to do, and the details of checks
 * that have no file of their own.
 */
export function summaryText(record: GateRecord, details: readonly string[]): string {
  const passed = record.checks.filter(({ verdict }) => verdict === "pass").length;
  const lines = [
    `${record.title} of ${record.release}: ${decisionOf(record)}, ${passed}/${record.checks.length}`,
    `target    ${record.target}`,
    `commit    ${record.commit ?? "unknown"}`,
    `deployer  ${record.deployer}`,
    `time      ${record.startedAt}, took ${formatDuration(record.tookMs)}`,
    `command   ${record.command}`,
    "",
    ...record.checks.map(
      ({ verdict, id, tookMs, summary }) =>
        `${verdict.padEnd(12)} ${id.padEnd(NAME_WIDTH)} ${String(Math.round(tookMs)).padStart(6)} ms  ${summary}`,
    ),
    ...record.problems.map((problem) => `problem      ${problem}`),
    "",
    ...record.checks
      .filter(({ verdict }) => verdict !== "pass")
      .flatMap(({ id, reasons, fix }) => [
        `${id}:`,
        ...reasons.map((reason) => `  ${reason}`),
        `  fix: ${fix}`,
      ]),
    "",
    ...details,
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
