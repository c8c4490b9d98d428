/** One thing that was looked at in a restored database: how many there were, and what was wrong. */
export interface Proof {
  readonly name: string;
  /** What it was judged by; a proof that judged nothing is none. */
  readonly examined: number;
  readonly violations: readonly string[];
}

/** Whether the proof shows something, and nothing wrong. */
export function isProved({ examined, violations }: Proof): boolean {
  return examined > 0 && violations.length === 0;
}
