import { formatDuration } from "../../core/index.ts";
import type { GateFiling } from "../engine/filing.ts";
import type { TimedEntry } from "./rollback-entry.ts";
import type { RollbackState } from "./rollback-state.ts";
import type { RollbackMeans } from "./rollback-step.ts";

/** The evidence of a rollback, to be filed. */
export interface RollbackToFile {
  readonly release: string;
  readonly entries: readonly TimedEntry[];
  readonly state: RollbackState;
  readonly means: RollbackMeans;
}

/** Files what was done and when, and the journal. */
export async function fileRollback(filing: GateFiling, rollback: RollbackToFile): Promise<void> {
  const { release, entries, state } = rollback;
  const command = rollbackLine(release, state);
  await filing.file({
    ...{ name: `rollback_${release}.txt`, kind: "gate.rollback.summary", command },
    text: rollbackText(rollback),
  });
  const lines = entries.map(({ atMs, kind, data }) =>
    JSON.stringify({ at: new Date(atMs).toISOString(), kind, data }),
  );
  await filing.file({
    ...{ name: "rollback_journal.jsonl", kind: "gate.rollback.journal", command },
    text: `${lines.join("\n")}\n`,
  });
  const reasons = state.ending?.reasons ?? [];
  await filing.end({ verdict: state.ending?.verdict ?? "inconclusive", problems: reasons });
}

/** The command that asked for it. */
function rollbackLine(release: string, { request }: Pick<RollbackState, "request">): string {
  const reason = `'${request.reason.replaceAll("'", "'\\''")}'`;
  return `kanit rollback ${release} --reason ${reason} --stage ${request.stage}`;
}

function rollbackText({ release, state, means }: RollbackToFile): string {
  const { request, steps, ending, processes } = state;
  const time = (atMs: number) => new Date(atMs).toISOString();
  const tookMs = ending?.wellAtMs == null ? null : ending.wellAtMs - request.atMs;
  const lines = [
    `Rollback of ${release} at ${request.stage} %: ${ending?.verdict ?? "not ended"}`,
    `reason    ${request.reason}`,
    `actor     ${request.actor}`,
    `target    ${request.target}`,
    `asked     ${time(request.atMs)}`,
    `users     ${tookMs === null ? "not shown to be well" : `well after ${formatDuration(tookMs)}, at ${time(request.atMs + tookMs)}`}`,
    `looked at ${means.users.describe}`,
    ...(processes > 1 ? [`resumed   ${processes - 1} times: the time counts from the first request`] : []),
    "",
    ...means.steps.flatMap((step) => {
      const taken = steps.get(step.name);
      const standing = taken?.standing ?? "not begun";
      const after = taken === undefined ? "" : `+${formatDuration(Math.max(0, taken.atMs - request.atMs))}`;
      return [
        `${standing.padEnd(9)} ${step.name.padEnd(17)} ${after.padStart(8)}  ${taken?.what ?? ""}`.trimEnd(),
        `          by hand: ${step.describe(request)}`,
      ];
    }),
    "",
    ...(ending?.reasons ?? []),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
