import { z } from "zod";
import { fields } from "./schema.ts";

export const notApplicable = fields({
  /** A trigger, a condition, a fault, an invariant or a whole scenario. */
  what: z.string(),
  /** What the platform would have to have for it. */
  needs: z.string(),
});

/** Something that was not asked of a platform, since it lacks what is needed: it neither held nor failed. */
export type NotApplicable = z.infer<typeof notApplicable>;
