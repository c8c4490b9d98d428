import { type Clock, mergeVerdicts, type Verdict } from "../../core/index.ts";
import type { GateFiling } from "../engine/filing.ts";
import type { FiledOfRelease } from "../engine/target.ts";
import { readSnapshot, type SnapshotRecord } from "../snapshot/snapshot-record.ts";
import { CANARY_STAGES, type CanaryStage } from "../snapshot/stage.ts";
import { type OneLine, oneLine } from "./one-line.ts";
import { type ReleaseEvents, releaseEvents } from "./release-events.ts";
import { incidentReport, miniRca, type ReleaseFacts, releaseNotes } from "./release-texts.ts";
import { type ReportedGate, type ReportFile, reportedGate } from "./report-sources.ts";

/** What the texts about a release need. */
export interface ReportOptions {
  readonly release: string;
  readonly commit: string | null;
  /** Its newest files by name. */
  readonly evidence: FiledOfRelease;
  /** The files from which the story is written, of all its archives. */
  readonly files: readonly ReportFile[];
  readonly filing: GateFiling;
  readonly clock: Clock;
}

/** What was written about a release. */
export interface ReleaseReport {
  readonly line: OneLine;
  readonly verdict: Verdict;
  /** What could not be had, one line each. */
  readonly missing: readonly string[];
  /** The names of the files. */
  readonly written: readonly string[];
}

const KIND = "gate.oneliner";

/**
 * Writes the release in one line, its notes, the short analysis and, where something failed, the report of the
 * incident. All of it comes from the evidence; what that does not say is said to be missing, and makes the report
 * inconclusive.
 */
export async function reportRelease(options: ReportOptions): Promise<ReleaseReport> {
  const { release, commit, evidence, files, filing, clock } = options;
  const history = releaseEvents(files);
  const snapshots = new Map(
    await Promise.all(
      CANARY_STAGES.map(async (stage) => [stage, await readSnapshot(evidence, stage)] as const),
    ),
  );
  const line = oneLine({ release, snapshots, rollbacks: rollbacksOf(history, snapshots) });
  const facts: ReleaseFacts = {
    ...{ release, commit, line, history },
    madeAt: new Date(clock.nowMs()).toISOString(),
    gates: newestGates(files),
    migrations: (await evidence(`prisma_status_${release}.txt`))?.text ?? null,
  };
  const unfiled = unfiledRollback(facts);
  const missing = [...line.missing, ...history.unreadable, ...unfiled];
  const verdict = mergeVerdicts([line.verdict, missing.length === 0 ? "pass" : "inconclusive"]);
  const incident = incidentReport(facts);
  const texts: readonly (readonly [string, string])[] = [
    [`release_oneliner_${release}.txt`, `${line.text}\n`],
    [`release_notes_${release}.md`, releaseNotes(facts)],
    [`mini_rca_${release}.md`, miniRca(facts)],
    ...(incident === null ? [] : [[`incident_report_${release}.md`, incident] as const]),
  ];
  for (const [name, text] of texts) {
    await filing.file({ name, text, kind: `${KIND}.file`, command: `kanit release-oneliner ${release}` });
  }
  filing.note("oneliner.written", { line: line.text, verdict, missing });
  await filing.end({ verdict, problems: missing });
  return { line, verdict, missing, written: texts.map(([name]) => name) };
}

/** None is filed of a release that was not rolled back, nor of one of which nothing is filed at all. */
function rollbacksOf(
  { rollbacks, canaries }: ReleaseEvents,
  snapshots: ReadonlyMap<CanaryStage, SnapshotRecord | null>,
): number | null {
  if (rollbacks.length > 0) return rollbacks.length;
  return canaries.length > 0 || (snapshots.get("100") ?? null) !== null ? 0 : null;
}

function newestGates(files: readonly ReportFile[]): readonly ReportedGate[] {
  const newest = new Map<string, ReportedGate>();
  for (const { path, text } of files) {
    if (text === null || !/\/gate_[\w-]+\.json$/.test(path)) continue;
    const gate = reportedGate(text);
    if (gate === null) continue;
    const known = newest.get(gate.gate);
    if (known === undefined || known.endedAt <= gate.endedAt) newest.set(gate.gate, gate);
  }
  return [...newest.values()].sort((a, b) => a.endedAt.localeCompare(b.endedAt));
}

/** A canary that decided to roll back, of which no rollback is filed: whether it was carried out is not known. */
function unfiledRollback({ history }: ReleaseFacts): readonly string[] {
  if (history.rollbacks.length > 0) return [];
  return history.canaries.flatMap(({ decisions }) =>
    decisions
      .filter(({ kind }) => kind === "roll-back")
      .map(
        ({ at, stage }) =>
          `rollback: the canary decided to roll back at ${stage} % (${at}), and none is filed`,
      ),
  );
}
