import type { Misbehaviour } from "./misbehaviour.ts";

/** One depth frame is swallowed: the next one does not continue the last. */
export const gap: Misbehaviour = {
  name: "gap",
  description: "One depth frame is swallowed: the next one does not continue the last.",
  occasion: "depth-frame",
};
