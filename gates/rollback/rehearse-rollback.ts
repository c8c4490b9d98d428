import type { Clock } from "../../core/index.ts";
import { defineCheck } from "../engine/check.ts";
import { openRollbackMeans } from "./open-means.ts";
import { ROLLBACK_LIMIT_MS } from "./perform-rollback.ts";
import { type RollbackRequest, STEP_NAMES } from "./rollback-entry.ts";
import type { RollbackMeans, UsersReading } from "./rollback-step.ts";
import { silentCandidate } from "./silent-candidate.ts";

const USERS_WITHIN_MS = 15_000;
const POLL_MS = 500;
const ACTOR = "kanit-rehearsal";

/** What a step showed in the rehearsal. */
interface RehearsedStep {
  readonly name: string;
  readonly byHand: string;
  readonly limitMs: number;
  readonly shown: { readonly kind: "could" | "could-not"; readonly what: string };
}

/** Could the way back be taken now? Nothing is changed. */
export const rollbackRehearsal = defineCheck({
  id: "rollback-rehearsal",
  title: "The way back",
  question: "Has each step of a rollback what it needs, and can it be seen when users are well again?",
  risk: "The way back is walked for the first time in an incident, and a door is locked.",
  command: "kanit rollback <release> --dry-run",
  passes: "each step could be taken now, and users are seen to be well",
  fix: "Try by hand what the step that could not be taken says.",
  evidence: ["rollback_dryrun.txt"],
  deadlineMs: 45_000,
  maxAgeMs: 120_000,
  needs: ["canary"],
  mutant: silentCandidate,
  observe: async ({ canary }, { target, clock, signal }) => {
    const asOfMs = clock.nowMs();
    const { release, name, allowedHosts } = target;
    await using opened = await openRollbackMeans(canary, { release, target: name, allowedHosts, clock });
    const { means } = opened;
    const request = { reason: "rehearsal", stage: "1", actor: ACTOR, target: name, atMs: asOfMs };
    const steps = await rehearseSteps(means, request, signal);
    const users = await readUsers(means, clock, signal);
    const failed = steps.filter(({ shown }) => shown.kind === "could-not");
    return {
      expected: [...STEP_NAMES, "users"],
      examined: [...steps.map((step) => step.name), ...(users.standing === "unknown" ? [] : ["users"])],
      acts: [],
      asOfMs,
      violations: [
        ...failed.map((step) => `${step.name} could not be done: ${step.shown.what}`),
        ...(users.standing === "ill" ? [`users are not well already: ${users.lines.join("; ")}`] : []),
      ],
      unclear: users.standing === "unknown" ? users.lines : [],
      summary: `${steps.length - failed.length} of ${steps.length} steps could be taken, users are ${users.standing}`,
      texts: [planText(steps, users, means)],
    };
  },
});

function rehearseSteps(
  { steps }: RollbackMeans,
  request: RollbackRequest,
  signal: AbortSignal,
): Promise<readonly RehearsedStep[]> {
  return Promise.all(
    steps.map(async ({ name, describe, limitMs, rehearse }): Promise<RehearsedStep> => {
      const step = { name, byHand: describe(request), limitMs };
      try {
        return { ...step, shown: { kind: "could", what: await rehearse(request, signal) } };
      } catch (error) {
        signal.throwIfAborted();
        const what = error instanceof Error ? error.message : String(error);
        return { ...step, shown: { kind: "could-not", what } };
      }
    }),
  );
}

/** Rates need two scrapes, so the first readings know nothing. */
async function readUsers({ users }: RollbackMeans, clock: Clock, signal: AbortSignal): Promise<UsersReading> {
  const beganMs = clock.monotonicMs();
  for (;;) {
    const reading = await users.read(signal);
    if (reading.standing === "well" || clock.monotonicMs() - beganMs > USERS_WITHIN_MS) return reading;
    await clock.sleep(POLL_MS, signal);
  }
}

function planText(
  steps: readonly RehearsedStep[],
  users: UsersReading,
  { users: watch }: RollbackMeans,
): string {
  const lines = [
    `The way back, as it would be taken. Users have to be well within ${ROLLBACK_LIMIT_MS / 60_000} minutes of the request.`,
    ...steps.flatMap(({ name, byHand, limitMs, shown }, index) => [
      `${index + 1}. ${name}, at most ${limitMs / 1_000} s for a try`,
      `   by hand: ${byHand}`,
      `   ${shown.kind === "could" ? "could be done" : "COULD NOT BE DONE"}: ${shown.what}`,
    ]),
    `${steps.length + 1}. users are well, three times in a row: ${watch.describe}`,
    `   now: ${users.standing}`,
    ...users.lines.map((line) => `   ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}
