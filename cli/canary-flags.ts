import { dirname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../core/index.ts";
import { type PlatformDefinition, readPlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import { type CanaryOptions, CLIENT_MODES, type ClientMode } from "../lab/index.ts";
import type { Environment } from "./environment.ts";
import { checkInputFile } from "./input-file.ts";

/** The flags of a candidate beside the platform, as commander parses them. */
export interface CanaryFlags {
  /** True: the candidate is the same as the stable platform. */
  readonly canary?: string | true;
  readonly canaryShare: number;
  readonly canaryClients: ClientMode;
}

/** Adds the flags to a command. */
export function withCanaryFlags(command: Command): Command {
  return command
    .option(
      "--canary [what]",
      "a candidate beside the platform behind HAProxy: defects planted in it, or its platform.yml (default: the same)",
    )
    .option("--canary-share <percent>", "the candidate's part of the requests at the start", sharePercent, 0)
    .addOption(
      new Option(
        "--canary-clients <mode>",
        "each request by the share, or clients stay at an arm by a cookie or by their address",
      )
        .choices(CLIENT_MODES)
        .default("spread"),
    );
}

/** Parses a part of the requests in percent. */
export function sharePercent(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}(\.\d{1,2})?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError("Expected a percentage from 0 to 100, such as 5 or 0.5.");
}

/**
 * Completes the flags; null without `--canary`.
 *
 * @throws UsageError when the candidate's definition cannot be read, or a defect is planted in another platform
 *   than Spark.
 */
export async function completeCanaryFlags(
  flags: CanaryFlags,
  stable: PlatformDefinition,
  { secrets }: Environment,
): Promise<CanaryOptions | null> {
  const { canary, canaryShare, canaryClients } = flags;
  if (canary === undefined) return null;
  const settings = { sharePercent: canaryShare, clients: canaryClients };
  if (canary === true) return { ...sameCandidate(stable), ...settings };
  if (isDefinition(canary)) {
    checkInputFile(canary, "platform");
    const candidate = await readPlatformDefinition(canary);
    secrets.registerVariables(candidate.environment);
    return { ...settings, candidate, candidateEnvironment: {}, difference: canary };
  }
  if (stable.directory !== dirname(SPARK_DEFINITION)) throw noDefectsThere(canary, stable);
  return {
    ...settings,
    candidate: stable,
    candidateEnvironment: { SPARK_DEFECTS: canary },
    difference: `defect ${canary}`,
  };
}

/** A candidate that is the same as the stable platform, and gets no requests yet. */
export function sameCandidate(stable: PlatformDefinition): CanaryOptions {
  const difference = "the same as stable";
  return { candidate: stable, candidateEnvironment: {}, difference, sharePercent: 0, clients: "spread" };
}

function isDefinition(text: string): boolean {
  return text.includes("/") || /\.ya?ml$/.test(text);
}

function noDefectsThere(defect: string, { name }: PlatformDefinition): UsageError {
  return new UsageError({
    code: "no-planted-defects",
    message: `Expected the candidate's platform.yml after --canary, got ${JSON.stringify(defect)}: defects can be planted in Spark only, not in ${name}.`,
    nextStep: "Name the definition of the candidate: --canary ../candidate/platform.yml.",
  });
}
