import { z } from "zod";

/** The processes of every lab besides the platform, whose names a platform cannot have. */
const LAB_PROCESSES = [
  "candidate",
  "exchanges",
  "haproxy",
  "initdb",
  "migrate",
  "pgbouncer",
  "postgres",
  "postgres-copy",
  "postgres-initialize",
  "proxy",
] as const;

export type LabProcessName = (typeof LAB_PROCESSES)[number];

/** What the name of a process consists of, since it is also the name of its log. */
export const PROCESS_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const MAX_LENGTH = 63;
const COMPANION = /^pause-of-/i;

/** The platform's name in a definition. It names a file among the logs, and a process among the lab's own. */
export const platformNameSchema = z
  .string()
  .regex(PROCESS_NAME, "expected letters, digits, - and _, beginning with a letter or a digit")
  .max(MAX_LENGTH)
  .refine((name) => !isOfLab(name), {
    error: ({ input }) =>
      `expected a name of the platform's own, but a process of the lab is called ${input}`,
  });

// Case is ignored since some file systems ignore it too.
function isOfLab(name: string): boolean {
  return COMPANION.test(name) || LAB_PROCESSES.some((own) => own === name.toLowerCase());
}
