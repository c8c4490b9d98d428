import { KanitError } from "../../core/index.ts";
import type { StageFile } from "./stage-file.ts";

/** What one part of a snapshot found. */
export type ReadPart = Pick<StageFile, "body" | "problems" | "missing">;

const LONGEST_REASON = 300;

/**
 * Reads one part of a snapshot, or says what is missing: a part that the target lacks, an error, no answer in time.
 *
 * @throws the signal's reason when the whole snapshot is interrupted.
 */
export async function readOrMissing<Part, Read extends ReadPart>(
  what: string,
  part: Part | null,
  read: (part: Part) => Promise<Read>,
  signal: AbortSignal,
): Promise<Read | ReadPart> {
  if (part === null) return { body: "", problems: [], missing: [`${what}: the target names none`] };
  try {
    return await read(part);
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error && error.message !== "" ? error.message : String(error);
    const next = error instanceof KanitError ? ` ${error.nextStep}` : "";
    const reason = `${message}${next}`.replaceAll(/\s*\n\s*/g, " ").slice(0, LONGEST_REASON);
    return { body: "", problems: [], missing: [`${what}: ${reason}`] };
  }
}
