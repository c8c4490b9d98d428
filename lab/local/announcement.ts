import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { VENUE_LINK_NAMES } from "../../venues/index.ts";
import type { GuardedProcess } from "./guarded-process.ts";
import type { LabProcesses } from "./lab-processes.ts";

const EXAMPLE = '{"event":"listening","url":"http://127.0.0.1:8080"}';

/**
 * Waits for a program's first line of standard output, which says where it listens.
 *
 * @throws UnavailableError `bad-announcement` when the line is something else, `no-announcement` when there
 *   was none until the lab was stopped.
 * @throws ProcessDiedError when the program ends first.
 */
export async function readAnnouncement<T>(
  processes: LabProcesses,
  program: GuardedProcess,
  schema: z.ZodType<T>,
): Promise<T> {
  const line = await Promise.race([program.firstOutputLine(), silence(processes.stopping, program)]);
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    throw new UnavailableError({
      code: "bad-announcement",
      message: `Expected ${program.name} to print on its first line where it listens, got: ${line.slice(0, 200)}`,
      nextStep: `It should be JSON such as ${EXAMPLE}; see ${program.logPath}.`,
      cause: error,
    });
  }
}

function silence(stopping: AbortSignal, program: GuardedProcess): Promise<never> {
  return new Promise((_, reject) => {
    const give = () =>
      reject(
        new UnavailableError({
          code: "no-announcement",
          message: `Expected ${program.name} to print on its first line where it listens, but it printed nothing in time.`,
          nextStep: `It should print JSON such as ${EXAMPLE}; see ${program.logPath}.`,
        }),
      );
    if (stopping.aborted) give();
    stopping.addEventListener("abort", give, { once: true });
  });
}

export const urlAnnouncement = z.object({ event: z.literal("listening"), url: z.url() });

const port = z.number().int().positive();

export const venuesAnnouncement = z.object({
  event: z.literal("listening"),
  control: z.url(),
  /** The stub's port behind each link; a link without one is refused. */
  links: z.record(z.enum(VENUE_LINK_NAMES), port),
});

export type VenuesAnnouncement = z.infer<typeof venuesAnnouncement>;
