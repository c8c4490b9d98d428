import type { Clock } from "../../core/index.ts";
import type { CanaryPart } from "./canary-part.ts";
import { commandStep } from "./command-steps.ts";
import { killSwitchStep } from "./kill-switch-step.ts";
import { stableArmStep } from "./previous-version-step.ts";
import type { RollbackMeans, RollbackStep } from "./rollback-step.ts";
import { trafficStep } from "./traffic-step.ts";
import { watchUsers } from "./watch-users.ts";

/** The means of a rollback, for as long as they are needed. */
export interface OpenedMeans extends AsyncDisposable {
  readonly means: RollbackMeans;
}

/** What the means need besides the canary. */
export interface MeansOptions {
  readonly release: string;
  /** What is rolled back, as it may be shown. */
  readonly target: string;
  readonly allowedHosts: readonly string[];
  readonly clock: Clock;
}

/** For the command of the release file: pulling an image takes its time. */
const PREVIOUS_VERSION_MS = 240_000;
const STOP_MS = 30_000;

/** Opens the means for rolling back a canary; users are watched from now on. */
export async function openRollbackMeans(canary: CanaryPart, options: MeansOptions): Promise<OpenedMeans> {
  const { front, healthPath, stable, candidate, split } = canary;
  const { target, allowedHosts, clock } = options;
  const replicas = { urls: stable.urls, healthPath, allowedHosts };
  const users = await watchUsers({
    ...{ front, healthPath, allowedHosts, clock },
    stable: stable.metrics,
    candidate: candidate.metrics,
  });
  const steps = [
    trafficStep(split, replicas),
    ...stopSteps(canary, options),
    canary.previousVersion.kind === "stable-arm"
      ? stableArmStep(replicas)
      : commandStep({
          ...canary.previousVersion,
          ...{ name: "previous-version", release: options.release, limitMs: PREVIOUS_VERSION_MS },
        }),
  ];
  return { means: { target, steps, users }, [Symbol.asyncDispose]: () => users[Symbol.asyncDispose]() };
}

function stopSteps(
  { stop }: CanaryPart,
  { release, allowedHosts, clock }: MeansOptions,
): readonly RollbackStep[] {
  switch (stop.kind) {
    case "none":
      return [];
    case "http":
      return [killSwitchStep({ switches: stop.switches, allowedHosts, sleep: clock.sleep })];
    case "command":
      return [commandStep({ ...stop, name: "kill-switch", release, limitMs: STOP_MS })];
  }
}
