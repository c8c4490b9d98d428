import { join } from "node:path";
import type { LabProcessName } from "../../definition/index.ts";
import { INSTALLATION } from "../../installation/index.ts";
import type { GuardedProcess } from "./guarded-process.ts";
import type { LabProcesses } from "./lab-processes.ts";

export interface NodeProgram {
  readonly processes: LabProcesses;
  readonly name: LabProcessName;
  readonly script: string;
  /** Every user of the machine can read them: secrets come by the environment. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logDirectory: string;
  readonly cacheDirectory: string;
}

/** Starts one of kanit's own programs on the Node that runs this one. */
export function startNodeProgram(program: NodeProgram): Promise<GuardedProcess> {
  return program.processes.start({
    name: program.name,
    command: [process.execPath, program.script, ...program.arguments],
    environment: { ...nodeEnvironment(program.cacheDirectory), ...program.environment },
    workingDirectory: INSTALLATION.directory,
    logDirectory: program.logDirectory,
    stopSignal: "TERM",
    user: { kind: "same" },
  });
}

/**
 * The environment of a Node program in the lab: nothing of the caller's; compiled code is
 * cached for the next start.
 */
export function nodeEnvironment(cacheDirectory: string): Readonly<Record<string, string>> {
  return {
    PATH: `${join(process.execPath, "..")}:/usr/local/bin:/usr/bin:/bin`,
    NODE_COMPILE_CACHE: join(cacheDirectory, "node-compile"),
    NODE_NO_WARNINGS: "1",
  };
}
