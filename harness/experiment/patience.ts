/** How long a platform may take for what it does in the background. */
export interface TimeLimit {
  readonly limitMs: number;
  /** Whether the machine or the harness, and not the platform, explains that it takes longer. Asked again and again. */
  readonly isExcused: () => boolean;
}

/** Late by no fault of its own, a platform gets so many times as long: what is wrong then is lost and not late. */
const PATIENCE = 5;

/** The time that a platform has, or that an excused one gets. */
export function grantedMs({ limitMs, isExcused }: TimeLimit): number {
  return isExcused() ? PATIENCE * limitMs : limitMs;
}
