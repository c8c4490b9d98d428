import { labTemporaryDirectory } from "../lab/index.ts";

/** What kanit takes from the environment. The only file that reads it. */
export interface Environment {
  /** `KANIT_TAPE`: a market recording; null: the synthetic market. */
  readonly tapePath: string | null;
  /** Where labs keep what they need while they run. */
  readonly temporaryDirectory: string;
  /** Whether the terminal takes colours and rewritten lines. */
  readonly terminal: { readonly colour: boolean; readonly interactive: boolean };
  /** `GITHUB_STEP_SUMMARY`: where a CI run's summary goes; null outside GitHub. */
  readonly stepSummaryPath: string | null;
}

/** Reads the environment once, complete. */
export function readEnvironment(): Environment {
  const { KANIT_TAPE, NO_COLOR, CI, GITHUB_STEP_SUMMARY } = process.env;
  const interactive = process.stdout.isTTY === true && CI === undefined;
  return {
    tapePath: KANIT_TAPE === undefined || KANIT_TAPE === "" ? null : KANIT_TAPE,
    temporaryDirectory: labTemporaryDirectory(process.env),
    terminal: { interactive, colour: process.stdout.isTTY === true && (NO_COLOR ?? "") === "" },
    stepSummaryPath: GITHUB_STEP_SUMMARY ?? null,
  };
}
