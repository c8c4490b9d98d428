import { formatDuration } from "../../core/index.ts";
import { defineCheck } from "../engine/check.ts";
import { defectivePlatform } from "./defective-platform.ts";
import { takeTurn, timeLines, wordsOf } from "./switch-turn.ts";

const WAIT_MS = 15_000;

/** Can the canary trade again? */
export const tradesAgain = defineCheck({
  id: "kill-switch-re-enabled",
  title: "Trading again",
  question: "Does every replica of the canary execute orders again once its trading is enabled?",
  risk: "Nobody dares to use a switch that may not come back.",
  command: `curl -s -X POST "$STABLE/api/tools/kill-switch?enable=true&scope=canary" -H "X-Actor: oncall"`,
  passes: `each replica of the canary executes an order within ${formatDuration(WAIT_MS)} of being enabled`,
  fix: "Take the newest decision of the store, whichever it is.",
  evidence: ["kill_switch_enabled_{release}.txt"],
  deadlineMs: 240_000,
  maxAgeMs: 600_000,
  needs: ["killSwitch"],
  mutant: defectivePlatform({
    ...{ what: "enabling is answered, and it stays off.", defect: "stuck-kill-switch", arm: "canary" },
  }),
  observe: async ({ killSwitch }, context) => {
    const asOfMs = context.clock.nowMs();
    const { stopped, enabled } = await takeTurn(killSwitch, context, async (turn) => {
      await turn.stop();
      const stopped = await turn.until("refused", killSwitch.canary, WAIT_MS);
      await turn.resume();
      return { stopped, enabled: await turn.until("executed", killSwitch.canary, WAIT_MS) };
    });
    const off = enabled.filter(({ afterMs, last }) => afterMs === null && last.kind === "refused");
    return {
      expected: killSwitch.canary.map(({ origin }) => origin),
      examined: enabled.filter(({ last }) => last.kind !== "other").map(({ replica }) => replica),
      acts: [
        {
          what: "replicas of the canary stopped",
          asked: stopped.length,
          happened: stopped.filter(({ afterMs }) => afterMs !== null).length,
        },
      ],
      asOfMs,
      violations: off.map(({ replica, last }) => `${replica} still answers: ${wordsOf(last)}`),
      unclear: [],
      summary: `${enabled.length - off.length} of ${enabled.length} replicas execute orders again`,
      texts: [`${[...timeLines(stopped), ...timeLines(enabled)].join("\n")}\n`],
    };
  },
});
