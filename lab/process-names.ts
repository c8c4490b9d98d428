import { join } from "node:path";
import { z } from "zod";

/** The processes of every lab besides the platform. */
const OWN_PROCESSES = [
  "exchanges",
  "initdb",
  "migrate",
  "pgbouncer",
  "postgres",
  "postgres-copy",
  "postgres-initialize",
  "proxy",
] as const;

export type OwnProcessName = (typeof OWN_PROCESSES)[number];

const FORM = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const MAX_LENGTH = 63;
const COMPANION = /^pause-of-/i;

/** The platform's name in a definition. It names a file among the logs, and a process among the lab's own. */
export const platformNameSchema = z
  .string()
  .regex(FORM, "expected letters, digits, - and _, beginning with a letter or a digit")
  .max(MAX_LENGTH)
  .refine((name) => !isOurs(name), {
    error: ({ input }) =>
      `expected a name of the platform's own, but a process of the lab is called ${input}`,
  });

// Case is ignored since some file systems ignore it too.
function isOurs(name: string): boolean {
  return COMPANION.test(name) || OWN_PROCESSES.some((own) => own === name.toLowerCase());
}

/**
 * The path of a process's log. Whatever the process is called, the log is in this folder.
 *
 * @throws TypeError for a name that a definition would have been refused for.
 */
export function processLogPath(logDirectory: string, name: string): string {
  if (!FORM.test(name)) throw new TypeError(`Expected the name of a process, got ${JSON.stringify(name)}.`);
  return join(logDirectory, `${name}.log`);
}
