import { median } from "../median.ts";
import type { KillOutcome } from "./carry-out-kill.ts";

/** A line for each command and victim: how many kills, how long until nothing was left, how many left something. */
export function killTable(outcomes: readonly KillOutcome[]): readonly string[] {
  const groups = new Map<string, KillOutcome[]>();
  for (const outcome of outcomes) {
    const { command, victim, platform } = outcome.kill;
    for (const key of ["all", `command ${command.name}`, `victim ${victim}`, `platform: ${platform}`]) {
      groups.set(key, [...(groups.get(key) ?? []), outcome]);
    }
  }
  const head = `${"".padEnd(36)} ${"kills".padStart(6)} ${"too late".padStart(9)} ${"median ms".padStart(10)} ${"max ms".padStart(8)} ${"findings".padStart(9)}`;
  return [head, ...[...groups].sort(([one], [other]) => one.localeCompare(other)).map(lineOf)];
}

function lineOf([name, outcomes]: readonly [string, readonly KillOutcome[]]): string {
  const times = outcomes.flatMap(({ goneAfterMs }) => (goneAfterMs === null ? [] : [goneAfterMs]));
  const late = outcomes.filter(({ cameTooLate }) => cameTooLate).length;
  const bad = outcomes.filter(({ findings }) => findings.length > 0).length;
  const cells = [
    String(outcomes.length).padStart(6),
    String(late).padStart(9),
    median(times).toFixed(0).padStart(10),
    String(Math.max(...times)).padStart(8),
    String(bad).padStart(9),
  ];
  return [name.padEnd(36), ...cells].join(" ");
}
