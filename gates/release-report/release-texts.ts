import { counted, formatDuration } from "../../core/index.ts";
import type { OneLine } from "./one-line.ts";
import type { ReleaseEvent, ReleaseEvents } from "./release-events.ts";
import type { ReportedGate } from "./report-sources.ts";

/** All that the texts about a release are made of. */
export interface ReleaseFacts {
  readonly release: string;
  readonly commit: string | null;
  readonly madeAt: string;
  readonly line: OneLine;
  readonly history: ReleaseEvents;
  /** The newest record of each gate. */
  readonly gates: readonly ReportedGate[];
  /** The first lines of the state of the migrations; null where it is not filed. */
  readonly migrations: string | null;
}

const MOST_LINES = 12;
const NOT_SAID = "not said by any evidence: to be written by a person";

/** `release_notes_<release>.md`: one page. */
export function releaseNotes({
  release,
  commit,
  madeAt,
  line,
  gates,
  migrations,
  history,
}: ReleaseFacts): string {
  return lines(
    `# ${release}, ${madeAt.slice(0, 10)}, commit ${commit ?? "unknown"}`,
    "",
    "## Deployment summary",
    "",
    line.text,
    "",
    "## What changes",
    "",
    `- ${NOT_SAID}`,
    "",
    "## Database",
    "",
    ...(migrations === null
      ? [`- migrations: ${NOT_SAID}`]
      : first(migrations.split("\n").filter(Boolean), "- ")),
    "",
    "## Evidence",
    "",
    ...(gates.length === 0
      ? ["- no gate has filed a record"]
      : gates.map(
          ({ gate, verdict, checks }) => `- ${gate}: ${verdict}, ${passedOf(checks)}/${checks.length}`,
        )),
    `- rollbacks: ${history.rollbacks.length}`,
    "",
    "## Known problems",
    "",
    ...(problemsOf(line, history, gates).length === 0
      ? ["- none, according to the evidence"]
      : first(problemsOf(line, history, gates), "- ")),
  );
}

/** `mini_rca_<release>.md`: what happened, what was done, who was exposed. */
export function miniRca(facts: ReleaseFacts): string {
  const { release, madeAt, history } = facts;
  const incidents = history.events.filter(({ isIncident }) => isIncident);
  return lines(
    `# Short root cause analysis of ${release}`,
    "",
    `Drafted at ${madeAt} from the evidence; what no evidence says is left open.`,
    "",
    ...(incidents.length === 0 ? calmParts(facts) : incidentParts(facts, incidents)),
    ...(history.unreadable.length === 0
      ? []
      : ["", "## Not readable", "", ...first(history.unreadable, "- ")]),
  );
}

function calmParts({ history, line }: ReleaseFacts): readonly string[] {
  if (line.missing.length === 0) {
    return [
      `Nothing failed and nothing was rolled back, according to ${counted(history.events.length, "event")} in the evidence.`,
    ];
  }
  return [
    "No failure is in the evidence, which is not whole, so that nothing follows from that:",
    "",
    ...first(line.missing, "- "),
  ];
}

function incidentParts(facts: ReleaseFacts, incidents: readonly ReleaseEvent[]): readonly string[] {
  const { history } = facts;
  return [
    "## In short",
    "",
    ...factsTable(facts, incidents),
    "",
    "## Triggers",
    "",
    ...(history.triggers.length === 0
      ? ["- none fired, according to the canary's record"]
      : history.triggers.map(({ name, at }) => `- ${at} ${name}`)),
    "",
    "## Actions",
    "",
    ...(history.rollbacks.length === 0
      ? ["- no rollback is filed"]
      : history.rollbacks.map(
          ({ at, reason, wellAt }) =>
            `- ${at} rollback, since ${reason}; users well: ${wellAt ?? "not shown"}`,
        )),
    "",
    "## Times",
    "",
    ...timesTable(incidents),
    "",
    "## Cause",
    "",
    `- what made it possible: ${NOT_SAID}`,
    `- which check, scenario or trigger would have found it: ${NOT_SAID}`,
  ];
}

/** `incident_report_<release>.md`: the tables of docs/release/INCIDENT_RESPONSE.md, filled with what is known. */
export function incidentReport(facts: ReleaseFacts): string | null {
  const incidents = facts.history.events.filter(({ isIncident }) => isIncident);
  if (incidents.length === 0) return null;
  return lines(
    `# Incident in ${facts.release}`,
    "",
    `Drafted at ${facts.madeAt} from the evidence.`,
    "",
    "## Facts",
    "",
    ...factsTable(facts, incidents),
    "",
    "## Times",
    "",
    ...timesTable(facts.history.events),
  );
}

function factsTable(
  { release, commit, history }: ReleaseFacts,
  incidents: readonly ReleaseEvent[],
): readonly string[] {
  const began = incidents[0]?.at ?? "";
  const rollback = history.rollbacks.at(-1);
  const wellAt = rollback?.wellAt ?? null;
  const took =
    wellAt === null
      ? ""
      : `, ${formatDuration(Date.parse(wellAt) - Date.parse(rollback?.at ?? wellAt))} after the rollback was asked for`;
  const exposed = history.canaries.reduce((sum, { exposedRequests }) => sum + exposedRequests, 0);
  const stage = history.canaries.at(-1)?.decisions.at(-1)?.stage;
  return [
    "| | |",
    "|---|---|",
    `| began | ${began} ${incidents[0]?.what ?? ""} |`,
    `| noticed | ${history.triggers[0] === undefined ? NOT_SAID : `${history.triggers[0].at} trigger ${history.triggers[0].name}`} |`,
    `| mitigated | ${rollback?.at ?? NOT_SAID} |`,
    `| ended | ${wellAt === null ? NOT_SAID : `${wellAt}${took}`} |`,
    `| release, commit, stage | ${release}, ${commit ?? "unknown"}, ${stage === undefined ? "unknown" : `${stage} %`} |`,
    `| exposed | ${history.canaries.length === 0 ? NOT_SAID : `${exposed} requests answered by the candidate`} |`,
  ];
}

function timesTable(events: readonly ReleaseEvent[]): readonly string[] {
  return [
    "| time | what | said by |",
    "|---|---|---|",
    ...events.map(({ at, what, source }) => `| ${at} | ${what.replaceAll("|", "/")} | ${source} |`),
  ];
}

function problemsOf(
  line: OneLine,
  history: ReleaseEvents,
  gates: readonly ReportedGate[],
): readonly string[] {
  return [
    ...history.rollbacks.map(({ at, reason }) => `rolled back at ${at}: ${reason}`),
    ...gates
      .filter(({ verdict }) => verdict !== "pass")
      .map(({ gate, verdict }) => `gate ${gate}: ${verdict}`),
    ...line.missing.map((missing) => `missing: ${missing}`),
    ...history.unreadable,
  ];
}

function passedOf(checks: readonly { readonly verdict: string }[]): number {
  return checks.filter(({ verdict }) => verdict === "pass").length;
}

/** The first of many lines, and how many more there are: a page stays a page. */
function first(all: readonly string[], mark: string): readonly string[] {
  const more = all.length - MOST_LINES;
  return [...all.slice(0, MOST_LINES), ...(more > 0 ? [`and ${more} more`] : [])].map(
    (each) => `${mark}${each}`,
  );
}

function lines(...each: readonly string[]): string {
  return `${each.join("\n").trimEnd()}\n`;
}
