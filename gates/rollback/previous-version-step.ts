import type { RollbackStep } from "./rollback-step.ts";
import { requireStable, type StableReplicas } from "./stable-answers.ts";

const LIMIT_MS = 30_000;

/** The version before is the one that the stable arm runs: it is there when each of its replicas answers. */
export function stableArmStep(stable: StableReplicas): RollbackStep {
  return {
    name: "previous-version",
    describe: () => stable.urls.map(({ origin }) => `curl -sf ${origin}${stable.healthPath}`).join(" && "),
    limitMs: LIMIT_MS,
    take: (_, signal) => requireStable(stable, signal),
    isInEffect: null,
    rehearse: (_, signal) => requireStable(stable, signal),
  };
}
