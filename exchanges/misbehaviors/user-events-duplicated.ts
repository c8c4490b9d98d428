import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";
import { milliseconds } from "./options.ts";

const options = z.strictObject({
  afterMs: milliseconds(0, "how long after the original it is replayed; 0: immediately after it"),
});

/** The venue delivers at least once, not exactly once. */
export const userEventsDuplicated: Misbehavior<z.infer<typeof options>> = {
  name: "user-events-duplicated",
  description:
    "A fill's executionReport arrives twice, with the same trade id and execution id: at once, or replayed " +
    "later among newer events.",
  occasion: "executionReport of a fill",
  options,
};
