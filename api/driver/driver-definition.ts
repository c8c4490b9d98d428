import { z } from "zod";
import { parseDurationMs } from "../../core/index.ts";

const USUAL_START = "10s";
const LONGEST_START_MS = 120_000;

/** How a driver is started; it runs in the definition's folder. */
export const DRIVER_SCHEMA = z
  .strictObject({
    /** The program and its arguments. */
    command: z.tuple([z.string().min(1)], z.string()),
    /** How long it may take to say what it can do. */
    startsWithin: z
      .string()
      .default(USUAL_START)
      .superRefine((text, context) => {
        const message = "Expected a duration above 0, up to 2m";
        if (!isBearable(text)) context.addIssue({ code: "custom", message, input: text });
      }),
  })
  .transform(({ command, startsWithin }) => ({ command, startsWithinMs: parseDurationMs(startsWithin) }));

export type DriverDefinition = z.output<typeof DRIVER_SCHEMA>;

function isBearable(text: string): boolean {
  try {
    const durationMs = parseDurationMs(text);
    return durationMs > 0 && durationMs <= LONGEST_START_MS;
  } catch {
    return false;
  }
}
