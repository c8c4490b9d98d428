import type { Clock } from "../../core/index.ts";
import type { Injection } from "./fault-kind.ts";
import type { StruckProcess } from "./struck-process.ts";

/** A fault under which something of the lab does not work. */
export interface LastingFault {
  readonly label: string;
  /** What became of it, to be read behind its name: `was dead`. */
  readonly state: string;
}

/** The injection of something that was struck just now. Its effect is how long it does not work. */
export function lastingInjection(
  { label, state }: LastingFault,
  struck: StruckProcess,
  clock: Clock,
): Injection {
  const sinceMs = clock.monotonicMs();
  let lastedMs: number | null = null;
  return {
    label,
    heal: async () => {
      await struck.restore();
      lastedMs ??= clock.monotonicMs() - sinceMs;
    },
    bite: async () => ({ kind: "lasted", state, durationMs: lastedMs ?? clock.monotonicMs() - sinceMs }),
  };
}
