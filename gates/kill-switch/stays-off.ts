import { type Check, defineCheck, type ProbeContext } from "../engine/check.ts";
import { queryRows } from "../engine/sql.ts";
import { defectivePlatform, type PlantedDefect } from "./defective-platform.ts";
import type { KillSwitchPart } from "./kill-switch-part.ts";
import { type OrderAnswer, type SwitchTurn, takeTurn, wordsOf } from "./switch-turn.ts";

const WAIT_MS = 15_000;
const ORDERS = 20;
const PAUSE_MS = 50;
const AWAY_WITHIN_MS = 10_000;
const STORE = "kill_switch_audit";
const STORE_AWAY = "kill_switch_audit_away";

/** Does trading stay stopped over a restart? */
export const staysOffAfterRestart = restartCheck({
  id: "kill-switch-restart",
  title: "Off after a restart",
  question: "Does a canary that restarts while its trading is stopped refuse orders from the first one on?",
  risk: "A crash, or whoever restarts it to help, turns trading on again.",
  passes: `the first ${ORDERS} orders after the restart are refused`,
  fix: "Keep the switch in a store, and read it before the first order.",
  evidence: "kill_switch_restart_{release}.txt",
  mutant: {
    what: "it does not read what was decided before it started.",
    ...{ defect: "forgetful-kill-switch", arm: "canary" },
  },
  around: async (turn, { killSwitch }, restart) => {
    await turn.stop();
    await turn.until("refused", killSwitch.canary, WAIT_MS);
    return restart();
  },
});

/** Does a canary that cannot know refuse? */
export const closedWithoutStore = restartCheck({
  id: "kill-switch-store-away",
  title: "Closed without its store",
  question: "Does a canary that starts while the store of the switch is away refuse orders?",
  risk: "The store is down in the same incident, every flag has its default, and the default is on.",
  passes: `the first ${ORDERS} orders of a canary that could not read its switch are refused`,
  fix: "Execute nothing until the switch was read once; after that keep what is known while the store is away.",
  evidence: "kill_switch_store_{release}.txt",
  mutant: {
    what: "it executes orders until it knows that it may not.",
    ...{ defect: "open-kill-switch", arm: "canary" },
  },
  around: async (_, { killSwitch, context }, restart) => {
    const { databaseUrl } = killSwitch.lab;
    await queryRows(databaseUrl, [`ALTER TABLE ${STORE} RENAME TO ${STORE_AWAY}`], context.signal);
    try {
      return await restart();
    } finally {
      const back = `ALTER TABLE ${STORE_AWAY} RENAME TO ${STORE}`;
      await queryRows(databaseUrl, [back], AbortSignal.timeout(AWAY_WITHIN_MS));
      // A loop that failed for a while pauses for longer; the next check measures its times.
      await killSwitch.restartCanary();
    }
  },
});

interface Drilled {
  readonly killSwitch: KillSwitchPart;
  readonly context: ProbeContext;
}

interface RestartCheck extends Pick<Check, "id" | "title" | "question" | "risk" | "passes" | "fix"> {
  readonly evidence: string;
  readonly mutant: PlantedDefect;
  /** Brings about what the restart happens in; `restart` restarts, and returns the answers to the orders after it. */
  readonly around: (
    turn: SwitchTurn,
    drilled: Drilled,
    restart: () => Promise<readonly AnsweredOrder[]>,
  ) => Promise<readonly AnsweredOrder[]>;
}

interface AnsweredOrder {
  readonly replica: string;
  readonly answer: OrderAnswer;
}

function restartCheck({ evidence, mutant, around, ...described }: RestartCheck): Check {
  return defineCheck({
    ...described,
    command: `kanit kill candidate; curl -s -X POST "$CANARY/api/orders" …`,
    evidence: [evidence],
    deadlineMs: 240_000,
    maxAgeMs: 600_000,
    needs: ["killSwitch"],
    mutant: defectivePlatform(mutant),
    observe: async ({ killSwitch }, context) => {
      const asOfMs = context.clock.nowMs();
      const answers = await takeTurn(killSwitch, context, (turn) =>
        around(turn, { killSwitch, context }, async () => {
          await killSwitch.restartCanary();
          return firstAnswers(turn, killSwitch, context);
        }),
      );
      const executed = answers.filter(({ answer }) => answer.kind === "executed");
      const refused = answers.filter(({ answer }) => answer.kind === "refused");
      return {
        expected: killSwitch.canary.map(({ origin }) => origin),
        examined: [...new Set(refused.concat(executed).map(({ replica }) => replica))],
        acts: [
          { what: "orders answered", asked: answers.length, happened: refused.length + executed.length },
        ],
        asOfMs,
        violations:
          executed.length === 0
            ? []
            : [`${executed.length} of ${answers.length} orders after the restart were executed`],
        unclear: [],
        summary: `${refused.length} of ${answers.length} orders after the restart were refused`,
        texts: [`${answers.map(({ replica, answer }) => `${replica}  ${wordsOf(answer)}`).join("\n")}\n`],
      };
    },
  });
}

/** A while of orders, since a switch that is read late lets the first ones pass or the later ones. */
async function firstAnswers(
  turn: SwitchTurn,
  { canary }: KillSwitchPart,
  { clock, signal }: ProbeContext,
): Promise<readonly AnsweredOrder[]> {
  const answers: AnsweredOrder[] = [];
  for (const replica of canary) {
    for (let sent = 0; sent < ORDERS; sent += 1) {
      answers.push({ replica: replica.origin, answer: await turn.order(replica) });
      await clock.sleep(PAUSE_MS, signal);
    }
  }
  return answers;
}
