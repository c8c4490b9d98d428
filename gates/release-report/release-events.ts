import {
  type ReportFile,
  reportedGate,
  type ToldCanary,
  type ToldRollbackLine,
  toldCanary,
  toldRollback,
} from "./report-sources.ts";

/** One thing that happened in a release. */
export interface ReleaseEvent {
  readonly at: string;
  readonly what: string;
  /** Whether it belongs to an incident: something failed, or was done about it. */
  readonly isIncident: boolean;
  /** The file that says so. */
  readonly source: string;
}

/** What happened in a release, as its evidence tells it. */
export interface ReleaseEvents {
  /** In the order of time. */
  readonly events: readonly ReleaseEvent[];
  readonly canaries: readonly ToldCanary[];
  readonly rollbacks: readonly {
    readonly at: string;
    readonly reason: string;
    readonly wellAt: string | null;
  }[];
  /** Triggers that fired, and when first. */
  readonly triggers: readonly { readonly name: string; readonly at: string }[];
  /** What could not be read, one line each. */
  readonly unreadable: readonly string[];
}

/** Returns what happened from the files of a release. */
export function releaseEvents(files: readonly ReportFile[]): ReleaseEvents {
  const read = files.map(readFile);
  const canaries = read.flatMap(({ canary }) => canary);
  const lines = read.flatMap(({ rollback }) => rollback);
  return {
    events: read.flatMap(({ events }) => events).sort((a, b) => a.at.localeCompare(b.at)),
    canaries,
    rollbacks: rollbacksIn(lines),
    triggers: canaries.flatMap(({ triggers }) =>
      triggers.flatMap(({ name, firedAt }) => (firedAt === null ? [] : [{ name, at: firedAt }])),
    ),
    unreadable: read.flatMap(({ unreadable }) => unreadable),
  };
}

interface ReadFile {
  readonly events: readonly ReleaseEvent[];
  readonly canary: readonly ToldCanary[];
  readonly rollback: readonly ToldRollbackLine[];
  readonly unreadable: readonly string[];
}

const NOTHING: ReadFile = { events: [], canary: [], rollback: [], unreadable: [] };

function readFile({ archive, path, text, atMs }: ReportFile): ReadFile {
  const source = `${archive}/${path}`;
  if (text === null) return { ...NOTHING, unreadable: [`${source} is not as it was filed`] };
  const name = path.slice(path.lastIndexOf("/") + 1);
  const at = new Date(atMs).toISOString();
  if (name === "canary.json") return readCanary(text, source);
  if (name === "rollback_journal.jsonl") return readRollback(text, source);
  if (name.startsWith("gate_")) return readGate(text, source);
  if (path.startsWith("war-room/")) return NOTHING;
  // Snapshots and hourly logs say their verdict in their first lines.
  const verdict = /"verdict":\s*"(\w+)"|^verdict\s+(\w+)/m.exec(text);
  const said = verdict?.[1] ?? verdict?.[2] ?? null;
  if (said === null) return { ...NOTHING, unreadable: [`${source} names no verdict`] };
  return { ...NOTHING, events: [{ at, source, what: `${name}: ${said}`, isIncident: said === "fail" }] };
}

function readCanary(text: string, source: string): ReadFile {
  const canary = toldCanary(text);
  if (canary === null) return { ...NOTHING, unreadable: [`${source} is no record of a canary`] };
  const bad = new Set(["roll-back", "hold", "interrupted"]);
  const decisions = canary.decisions.map(({ at, stage, kind, reason }) => ({
    ...{ at, source, isIncident: bad.has(kind) },
    what: `canary at ${stage} %: ${kind}: ${reason}`,
  }));
  const fired = canary.triggers.flatMap(({ name, firedAt }) =>
    firedAt === null ? [] : [{ at: firedAt, source, isIncident: true, what: `trigger ${name} fires` }],
  );
  return { ...NOTHING, canary: [canary], events: [...decisions, ...fired] };
}

function readRollback(text: string, source: string): ReadFile {
  const rollback = toldRollback(text);
  if (rollback === null) return { ...NOTHING, unreadable: [`${source} is no journal of a rollback`] };
  const events = rollback
    .filter(({ kind }) => kind !== "users.read" && kind !== "rollback.released")
    .map(({ at, kind, data }) => {
      const details = ["step", "reason", "stage", "what", "why", "verdict", "actor"]
        .map((name) => data[name])
        .filter((value) => typeof value === "string");
      return { at, source, isIncident: true, what: [kind, ...details].join(": ") };
    });
  return { ...NOTHING, rollback, events };
}

function readGate(text: string, source: string): ReadFile {
  const gate = reportedGate(text);
  if (gate === null) return { ...NOTHING, unreadable: [`${source} is no record of a gate`] };
  const passed = gate.checks.filter(({ verdict }) => verdict === "pass").length;
  const what = `gate ${gate.gate}: ${gate.verdict}, ${passed}/${gate.checks.length}`;
  // What a gate stops before the canary harms nobody.
  return { ...NOTHING, events: [{ at: gate.endedAt, source, isIncident: false, what }] };
}

function rollbacksIn(lines: readonly ToldRollbackLine[]): ReleaseEvents["rollbacks"] {
  // A resumed rollback may be filed again, with the same request.
  const requests = new Map(
    lines.filter(({ kind }) => kind === "rollback.requested").map((line) => [line.at, line] as const),
  );
  return [...requests.values()].map(({ at, data }) => {
    const ended = lines.find((line) => line.kind === "rollback.ended" && line.at >= at);
    const wellAtMs = ended?.data.wellAtMs;
    return {
      at,
      reason: typeof data.reason === "string" ? data.reason : "unknown",
      wellAt: typeof wellAtMs === "number" ? new Date(wellAtMs).toISOString() : null,
    };
  });
}
