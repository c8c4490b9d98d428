import type { TrafficSplit } from "../canary/traffic/traffic-split.ts";
import type { RollbackStep } from "./rollback-step.ts";
import { requireStable, type StableReplicas } from "./stable-answers.ts";

const LIMIT_MS = 30_000;
/** A person has to read, and to find the balancer. */
const BY_HAND_MS = 240_000;

/**
 * All requests go to the stable version, where that one answers. Whether they do go there, the wait for users sees: a
 * balancer can say yes and do nothing.
 */
export function trafficStep(split: TrafficSplit, stable: StableReplicas): RollbackStep {
  return {
    name: "traffic",
    describe: () => split.describe(0),
    limitMs: split.kind === "manual" ? BY_HAND_MS : LIMIT_MS,
    take: async (_, signal) => {
      await requireStable(stable, signal);
      await split.setShare(0, signal);
      return "0 % of the requests go to the candidate";
    },
    isInEffect: null,
    // More cannot be tried here without moving requests.
    rehearse: (_, signal) => requireStable(stable, signal),
  };
}
