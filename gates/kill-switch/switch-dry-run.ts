import { defineCheck } from "../engine/check.ts";
import { defectivePlatform } from "./defective-platform.ts";
import { type SwitchUse, switchCommand, useKillSwitch } from "./kill-switch-api.ts";
import { takeTurn, wordsOf } from "./switch-turn.ts";

const USE: SwitchUse = {
  scope: "canary",
  enable: false,
  dryRun: true,
  actor: "kanit-drill",
  reason: "drill",
};

/** Does a dry run answer, and stop nobody? */
export const switchDryRun = defineCheck({
  id: "kill-switch-dry-run",
  title: "Dry run",
  question: "Does each replica answer a dry run of the kill switch, and execute orders afterwards?",
  risk: "The first use of the switch is the real one; or a rehearsal stops trading.",
  command: `curl -s -X POST "$TARGET/api/tools/kill-switch?dry_run=true&scope=canary" -H "X-Actor: preflight"`,
  passes: "each replica of the canary answers the dry run with a 2xx, and executes an order afterwards",
  fix: "Audit a dry run, and change nothing.",
  evidence: ["killswitch_dryrun_{release}.json"],
  deadlineMs: 240_000,
  maxAgeMs: 600_000,
  needs: ["killSwitch"],
  mutant: defectivePlatform({ what: "a dry run is not dry.", defect: "real-dry-run", arm: "canary" }),
  observe: async ({ killSwitch }, context) => {
    const asOfMs = context.clock.nowMs();
    const { release, name } = context.target;
    const access = { allowedHosts: [], signal: context.signal };
    const replicas = await takeTurn(killSwitch, context, async (turn) => {
      const answers = [];
      for (const url of killSwitch.canary) {
        const answer = await useKillSwitch(url, USE, access);
        const after = await turn.order(url);
        answers.push({
          replica: url.origin,
          command: switchCommand(url, USE),
          answer: parsedJson(answer),
          orderAfter: wordsOf(after),
        });
      }
      return answers;
    });
    return {
      expected: killSwitch.canary.map(({ origin }) => origin),
      examined: replicas.map(({ replica }) => replica),
      acts: [],
      asOfMs,
      violations: replicas
        .filter(({ orderAfter }) => orderAfter !== "executed")
        .map(
          ({ replica, orderAfter }) => `${replica} did not execute an order after a dry run: ${orderAfter}`,
        ),
      unclear: [],
      summary: `${replicas.length} of ${killSwitch.canary.length} replicas answer, and still execute orders`,
      texts: [
        `${JSON.stringify({ release, target: name, at: new Date(asOfMs).toISOString(), replicas }, null, 2)}\n`,
      ],
    };
  },
});

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
