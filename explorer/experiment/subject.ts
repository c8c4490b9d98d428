import type { PlatformDefinition } from "../../definition/index.ts";

/** How long a message may be held up on its way to a platform that does not say what it outlasts. */
const USUAL_HOLD_MS = 500;

/** A platform as it is explored: with shorter timeouts, where it can have them. */
export interface Subject {
  readonly platform: PlatformDefinition;
  /** The longest time for which an experiment holds a message up. */
  readonly holdMs: number;
  readonly isCompressed: boolean;
}

export function subjectOf(platform: PlatformDefinition): Subject {
  const { timeouts } = platform;
  if (timeouts === null) return { platform, holdMs: USUAL_HOLD_MS, isCompressed: false };
  const environment = { ...platform.environment, ...timeouts.environment };
  const { settlesWithinMs, outlastsMs } = timeouts;
  return { platform: { ...platform, environment, settlesWithinMs }, holdMs: outlastsMs, isCompressed: true };
}
