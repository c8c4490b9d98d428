import { relative } from "node:path";
import { formatDuration, type Verdict } from "../core/index.ts";
import type { GateCheckRecord, GateRecord } from "../evidence/index.ts";
import { type CheckOutcome, decisionOf, type Gate, type GateEvent } from "../gates/index.ts";
import { openChecks, toOneLine } from "../reports/index.ts";
import type { CommandContext } from "./context.ts";
import type { Output } from "./output.ts";

const MARK: Readonly<Record<Verdict, string>> = { pass: "✓", fail: "✕", inconclusive: "?" };
const NAME_WIDTH = 28;
const MAX_FIX_LINES = 10;

/** Shows a gate while it runs: all checks with what is known of them, updated in place. */
export function showGate(output: Output): (event: GateEvent) => void {
  let gate: Gate | null = null;
  const ended = new Map<string, CheckOutcome>();
  return (event) => {
    switch (event.kind) {
      case "gate.started":
        gate = event.gate;
        output.line(`${gate.title} of ${event.target.release} on ${event.target.name}`);
        break;
      case "check.ended":
        ended.set(event.outcome.check.id, event.outcome);
        break;
    }
    output.view(
      (gate?.checks ?? []).map(({ id, title }) => {
        const outcome = ended.get(id);
        return outcome === undefined ? `  · ${title.padEnd(NAME_WIDTH)} …` : checkLine({ ...outcome, title });
      }),
    );
  };
}

/** Shows how a gate ended, for people and for programs, and concludes with its verdict. */
export function showGateRecord(
  { record, folder }: { readonly record: GateRecord; readonly folder: string },
  { output, conclude }: CommandContext,
): void {
  const path = relative(process.cwd(), folder);
  showGateEnd(output, record, path);
  const { gate, release, target, commit, checks, problems } = record;
  output.result({
    ...{ gate, release, target, commit, decision: decisionOf(record), checks, problems },
    folder: path,
  });
  conclude(record.verdict);
}

/** Shows how a gate ended: each check on a line, then how to repair what did not pass. */
function showGateEnd(output: Output, record: GateRecord, folder: string): void {
  for (const check of record.checks) output.line(checkLine(check));
  for (const problem of record.problems) output.line(`  ? ${toOneLine(problem)}`);
  const passed = record.checks.filter(({ verdict }) => verdict === "pass").length;
  const took = formatDuration(record.tookMs);
  output.line(`${decisionOf(record)}  ${passed}/${record.checks.length} in ${took}`);
  const repairs = openChecks(record).flatMap(repairLines);
  for (const line of repairs.slice(0, MAX_FIX_LINES)) output.line(line);
  if (repairs.length > MAX_FIX_LINES) {
    output.line(`  and more (${repairs.length - MAX_FIX_LINES}) in ${folder}/index.html`);
  }
  output.line(`  evidence: ${folder}`);
}

function checkLine({
  verdict,
  title,
  tookMs,
  summary,
  reasons,
}: Pick<GateCheckRecord, "verdict" | "title" | "tookMs" | "summary" | "reasons">): string {
  const what = verdict === "pass" ? summary : (reasons[0] ?? summary);
  return `  ${MARK[verdict]} ${title.padEnd(NAME_WIDTH)} ${String(Math.round(tookMs)).padStart(6)} ms  ${toOneLine(what)}`;
}

/** The first reason stands in the check's own line. What was not found out is not known to need its fix. */
function repairLines({ title, verdict, fix, reasons }: GateCheckRecord): readonly string[] {
  return [
    ...reasons.slice(1, 3).map((reason) => `  ${title}: ${toOneLine(reason)}`),
    ...(verdict === "fail" ? [`  ${title}: fix: ${fix}`] : []),
  ];
}
