import { parseArgs } from "node:util";
import { carryOutKill, type KillOutcome } from "./carry-out-kill.ts";
import { KillPlace } from "./kill-place.ts";
import { planKills } from "./kill-plan.ts";
import { killTable } from "./kill-table.ts";

/**
 * `node bench/kills/kills-main.ts [--kills 20] [--from 0] [--seed 1]`: kills kanit, its starter or its guards at random
 * moments, while platforms run whose processes refuse to end, and lists what is left afterwards. Linux only. Exit code
 * 1 when anything is left. The same seed and number make the same kill, so that a long series can be done in parts.
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    from: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
  },
});
await using place = await KillPlace.open();
const outcomes: KillOutcome[] = [];
for (const kill of planKills(Number(values.seed), Number(values.from), Number(values.kills))) {
  const outcome = await carryOutKill(place, kill);
  outcomes.push(outcome);
  const { number, command, platform, victim, signal, momentMs } = kill;
  const gone = outcome.goneAfterMs === null ? "not gone" : `gone after ${outcome.goneAfterMs} ms`;
  const late = outcome.cameTooLate ? " (had ended)" : "";
  console.log(
    `${number}: ${command.name}, ${platform}: ${signal} of ${victim} at ${momentMs} ms${late}: ${gone}`,
  );
  for (const finding of outcome.findings) console.log(`   ${finding}`);
}
for (const line of killTable(outcomes)) console.log(line);
process.exitCode = outcomes.some(({ findings }) => findings.length > 0) ? 1 : 0;
