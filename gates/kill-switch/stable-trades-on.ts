import { defineCheck } from "../engine/check.ts";
import { defectivePlatform } from "./defective-platform.ts";
import { takeTurn, timeLines, wordsOf } from "./switch-turn.ts";

const WAIT_MS = 15_000;
const ORDERS = 5;

/** Does stable go on trading? */
export const stableTradesOn = defineCheck({
  id: "kill-switch-scope",
  title: "Stable trades on",
  question: "Does every replica of the stable version execute orders while the canary's trading is stopped?",
  risk: "The switch stops everybody, and a bad canary takes the whole business down.",
  command: `curl -s -X POST "$STABLE/api/orders" …`,
  passes: `each replica of stable executes ${ORDERS} of ${ORDERS} orders while each of the canary refuses them`,
  fix: "Keep a flag for each scope, and let each replica know its own scope.",
  evidence: ["kill_switch_scope_{release}.txt"],
  deadlineMs: 240_000,
  maxAgeMs: 600_000,
  needs: ["killSwitch"],
  mutant: defectivePlatform({
    ...{ what: "it also follows the canary's stop.", defect: "wide-kill-switch", arm: "stable" },
  }),
  observe: async ({ killSwitch }, context) => {
    const asOfMs = context.clock.nowMs();
    const { stopped, answers } = await takeTurn(killSwitch, context, async (turn) => {
      await turn.stop();
      const stopped = await turn.until("refused", killSwitch.canary, WAIT_MS);
      const answers = [];
      for (const replica of killSwitch.stable) {
        for (let sent = 0; sent < ORDERS; sent += 1) {
          answers.push({ replica: replica.origin, answer: await turn.order(replica) });
        }
      }
      return { stopped, answers };
    });
    const refused = answers.filter(({ answer }) => answer.kind === "refused");
    const others = answers.filter(({ answer }) => answer.kind === "other");
    return {
      expected: killSwitch.stable.map(({ origin }) => origin),
      examined: [...new Set(answers.map(({ replica }) => replica))],
      acts: [
        {
          what: "replicas of the canary stopped",
          asked: stopped.length,
          happened: stopped.filter(({ afterMs }) => afterMs !== null).length,
        },
      ],
      asOfMs,
      violations:
        refused.length === 0 ? [] : [`stable refused ${refused.length} of ${answers.length} orders`],
      unclear: others.map(({ replica, answer }) => `${replica}: ${wordsOf(answer)}`),
      summary: `stable executed ${answers.length - refused.length - others.length} of ${answers.length} orders`,
      texts: [
        `${[...timeLines(stopped), ...answers.map(({ replica, answer }) => `${replica}  ${wordsOf(answer)}`)].join("\n")}\n`,
      ],
    };
  },
});
