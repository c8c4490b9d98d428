import { join } from "node:path";
import { z } from "zod";

/**
 * Where a lab's owner accepts commands of others: a socket in the lab's own folder, to which
 * only its user may write.
 */
export function powersSocket(labsDirectory: string, labId: string): string {
  return join(labsDirectory, labId, "powers.sock");
}

const name = z.string();
const LONGEST_MS = 86_400_000;
const lastingMs = z.number().max(LONGEST_MS);

export const pauseRequest = z.object({ process: name, durationMs: lastingMs.positive() });
export const killRequest = z.object({ process: name, restartDelayMs: lastingMs.min(0) });

export const killReply = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("started-again"), process: name, downMs: z.number() }),
  z.object({ kind: z.literal("dead"), process: name }),
]);

export const stateReply = z.object({
  cpu: z.array(z.object({ process: name, processors: z.number() })),
  interruptions: z.array(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("paused"), process: name, untilMs: z.number() }),
      z.object({ kind: z.literal("killed"), process: name }),
    ]),
  ),
});

export const resumeReply = z.object({ resumed: z.array(name) });

/** A KanitError, serialized by the owner for the command. */
export const errorReply = z.object({
  code: z.string(),
  message: z.string(),
  nextStep: z.string(),
  exitCode: z.union([z.literal(1), z.literal(2), z.literal(64), z.literal(69), z.literal(70), z.literal(77)]),
});

/** The resource use of a lab's processes, and why some of them do not work. */
export type ProcessesState = z.infer<typeof stateReply>;
