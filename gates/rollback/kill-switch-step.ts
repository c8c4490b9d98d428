import { UnavailableError } from "../../core/index.ts";
import { type SwitchUse, saysEnabled, switchCommand, useKillSwitch } from "../kill-switch/kill-switch-api.ts";
import type { RollbackRequest } from "./rollback-entry.ts";
import type { RollbackStep } from "./rollback-step.ts";

const LIMIT_MS = 30_000;
const POLL_MS = 100;

/** The kill switch of the candidate, over HTTP. */
export interface KillSwitchStep {
  /** The candidate's replicas, or the addresses of their switches. */
  readonly switches: readonly URL[];
  readonly allowedHosts: readonly string[];
  readonly sleep: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Trading stops on the canary's scope: what still runs of the candidate executes no order. Each replica is asked, and
 * it is done when each of them says that it is off.
 */
export function killSwitchStep({ switches, allowedHosts, sleep }: KillSwitchStep): RollbackStep {
  const use = (request: RollbackRequest, dryRun: boolean): SwitchUse => ({
    ...{ scope: "canary", enable: false, dryRun },
    ...{ actor: request.actor, reason: `rollback at ${request.stage} %: ${request.reason}` },
  });
  const stillOn = async (signal: AbortSignal) => {
    const states = await Promise.all(switches.map((url) => saysEnabled(url, { allowedHosts, signal })));
    return switches.filter((_, index) => states[index] === true);
  };
  const ask = (request: RollbackRequest, dryRun: boolean, signal: AbortSignal) =>
    Promise.all(switches.map((url) => useKillSwitch(url, use(request, dryRun), { allowedHosts, signal })));
  return {
    name: "kill-switch",
    describe: (request) => switches.map((url) => switchCommand(url, use(request, false))).join(" && "),
    limitMs: LIMIT_MS,
    take: async (request, signal) => {
      requireReplicas(switches);
      await ask(request, false, signal);
      while ((await stillOn(signal)).length > 0) await sleep(POLL_MS, signal);
      return `off on ${switches.length} of ${switches.length} replicas of the candidate`;
    },
    isInEffect: async (signal) => switches.length > 0 && (await stillOn(signal)).length === 0,
    rehearse: async (request, signal) => {
      requireReplicas(switches);
      await ask(request, true, signal);
      return `dry run on ${switches.length} of ${switches.length} replicas: each answered`;
    },
  };
}

function requireReplicas(switches: readonly URL[]): void {
  if (switches.length > 0) return;
  throw new UnavailableError({
    code: "no-replica",
    message: "Expected at least one replica of the candidate, got none.",
    nextStep: "Name the candidate's replicas.",
  });
}
