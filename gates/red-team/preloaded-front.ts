import type { Mutant } from "../engine/mutant.ts";
import { alterAnswers } from "./altered-answers.ts";

/** A load balancer that somebody gave the header of a blog. */
export const preloadedFront: Mutant = {
  what: "A front before the platform adds preload to Strict-Transport-Security.",
  apply: (ground) =>
    alterAnswers(ground, ({ headers, text }) => ({
      headers: { ...headers, "strict-transport-security": "max-age=63072000; includeSubDomains; preload" },
      text,
    })),
};
