import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import type { GuardedProcess } from "./guarded-process.ts";

/**
 * Waits for the line in which a program says where it listens, as its first line of standard output.
 *
 * @throws UnavailableError `bad-announcement` when the line is something else.
 * @throws ProcessDiedError when the program ends first.
 */
export async function readAnnouncement<T>(program: GuardedProcess, schema: z.ZodType<T>): Promise<T> {
  const line = await program.firstOutputLine();
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    throw new UnavailableError({
      code: "bad-announcement",
      message: `Expected ${program.name} to say on its first line where it listens, got: ${line.slice(0, 200)}`,
      nextStep: `It should be JSON such as {"event":"listening","url":"http://127.0.0.1:8080"}; see ${program.logPath}.`,
      cause: error,
    });
  }
}

export const urlAnnouncement = z.object({ event: z.literal("listening"), url: z.url() });

const port = z.number().int().positive();

export const venuesAnnouncement = z.object({
  event: z.literal("listening"),
  control: z.url(),
  binance: z.object({ restPort: port, wsPort: port }),
  btcturk: z.object({ restPort: port, wsPort: port }),
  bist: z.object({ wsPort: port }),
});

export type VenuesAnnouncement = z.infer<typeof venuesAnnouncement>;
