import { formatDuration } from "../../core/index.ts";
import { type Check, defineCheck } from "../engine/check.ts";
import { defectivePlatform, type PlantedDefect } from "./defective-platform.ts";
import { type ReplicaTime, takeTurn, timeLines, wordsOf } from "./switch-turn.ts";

/** The longest time until the last replica refuses orders. */
const SLOWEST_MS = 5_000;
const WAIT_MS = 15_000;

/** Is an order refused on every replica of the canary? */
export const refusedOnCanary = stopCheck({
  id: "kill-switch-refuses",
  title: "Refused on the canary",
  question: "Is an order refused on every replica of the canary once its trading is stopped?",
  risk: "The switch is set and shown, and orders are executed nevertheless.",
  passes: "each replica of the canary refuses an order with status 423",
  fix: "Ask the switch at the one place through which every order goes.",
  evidence: "kill_switch_refused_{release}.txt",
  mutant: { what: "the switch is set and shown, and not asked.", defect: "deaf-kill-switch", arm: "canary" },
  violationsOf: (times) =>
    times
      .filter(({ afterMs }) => afterMs === null)
      .map(
        ({ replica, last }) =>
          `${replica} refused no order within ${formatDuration(WAIT_MS)}: ${wordsOf(last)}`,
      ),
});

/** How long does the slowest replica take? */
export const slowestReplica = stopCheck({
  id: "kill-switch-slowest-replica",
  title: "The slowest replica",
  question:
    "How long does the slowest replica of the canary execute orders after trading was stopped elsewhere?",
  risk: "One replica reads the switch from a cache of minutes, and trades on alone.",
  passes: `the slowest replica of the canary refuses orders within ${formatDuration(SLOWEST_MS)}`,
  fix: "Read the switch again every second, or have it pushed; measure the slowest replica and not the average.",
  evidence: "kill_switch_times_{release}.txt",
  mutant: { what: "it reads the switch once a minute.", defect: "late-kill-switch", arm: "canary" },
  violationsOf: (times) =>
    times
      .filter(({ afterMs }) => afterMs === null || afterMs > SLOWEST_MS)
      .map(({ replica, afterMs }) =>
        afterMs === null
          ? `${replica} still executed orders after ${formatDuration(WAIT_MS)}`
          : `${replica} took ${formatDuration(afterMs)}`,
      ),
});

interface StopCheck extends Pick<Check, "id" | "title" | "question" | "risk" | "passes" | "fix"> {
  readonly evidence: string;
  readonly mutant: PlantedDefect;
  readonly violationsOf: (times: readonly ReplicaTime[]) => readonly string[];
}

function stopCheck({ evidence, mutant, violationsOf, ...described }: StopCheck): Check {
  return defineCheck({
    ...described,
    command: `curl -s -X POST "$STABLE/api/tools/kill-switch?scope=canary" -H "X-Actor: oncall"; curl -s -X POST "$CANARY/api/orders" …`,
    evidence: [evidence],
    deadlineMs: 240_000,
    maxAgeMs: 600_000,
    needs: ["killSwitch"],
    mutant: defectivePlatform(mutant),
    observe: async ({ killSwitch }, context) => {
      const asOfMs = context.clock.nowMs();
      const times = await takeTurn(killSwitch, context, async (turn) => {
        await turn.stop();
        return turn.until("refused", killSwitch.canary, WAIT_MS);
      });
      const known = times.filter(({ last }) => last.kind !== "other");
      const slowestMs = Math.max(...times.map(({ afterMs }) => afterMs ?? Number.POSITIVE_INFINITY));
      return {
        expected: killSwitch.canary.map(({ origin }) => origin),
        examined: known.map(({ replica }) => replica),
        acts: [],
        asOfMs,
        violations: violationsOf(times.filter(({ last }) => last.kind !== "other")),
        unclear: [],
        summary: Number.isFinite(slowestMs)
          ? `${times.length} of ${times.length} replicas refuse, the slowest after ${formatDuration(slowestMs)}`
          : "not every replica refuses",
        texts: [`${timeLines(times).join("\n")}\n`],
      };
    },
  });
}
