import { join } from "node:path";
import { PROCESS_NAME } from "../definition/index.ts";

/**
 * The path of a process's log, which is in this folder whatever the process's name is.
 *
 * @throws TypeError for a name that a definition cannot have.
 */
export function processLogPath(logDirectory: string, name: string): string {
  if (!PROCESS_NAME.test(name))
    throw new TypeError(`Expected the name of a process, got ${JSON.stringify(name)}.`);
  return join(logDirectory, `${name}.log`);
}
