import type { Command } from "commander";
import { type PlatformDefinition, readPlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import { readConfiguration } from "../runs/index.ts";
import type { Environment } from "./environment.ts";
import { checkInputFile } from "./input-file.ts";
import { nonEmpty } from "./parse-arguments.ts";

/** The definition of the platform that is taken when none is named. */

/** Adds the flag that names the platform to a command. */
export function withPlatformFlag(command: Command): Command {
  return command.option(
    "--platform <file>",
    "the platform under test (default: that of kanit.config.ts, else Spark)",
    nonEmpty,
    SPARK_DEFINITION,
  );
}

/**
 * Reads the definition that the flag names.
 *
 * @throws UsageError when it cannot be read.
 */
export async function readPlatform(given: string, { secrets }: Environment): Promise<PlatformDefinition> {
  const path =
    given === SPARK_DEFINITION ? ((await readConfiguration(process.cwd())).platform ?? given) : given;
  checkInputFile(path, "platform");
  const platform = await readPlatformDefinition(path);
  secrets.registerVariables(platform.environment);
  return platform;
}
