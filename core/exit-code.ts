import type { Verdict } from "./verdict.ts";

/** The exit codes of every kanit command. Those from 64 on are named after BSD's `sysexits.h`. */
export const EXIT_CODE = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  usage: 64,
  unavailable: 69,
  internal: 70,
  refused: 77,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

/** The exit code of a command with this verdict. */
export function exitCodeOf(verdict: Verdict): ExitCode {
  return EXIT_CODE[verdict];
}
