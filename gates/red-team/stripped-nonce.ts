import type { Mutant } from "../engine/mutant.ts";
import { alterAnswers } from "./altered-answers.ts";

/** A template that forgot the nonce. */
export const strippedNonce: Mutant = {
  what: "The scripts of each page lose their nonce, as with a template that does not pass it on.",
  apply: (ground) =>
    alterAnswers(ground, ({ headers, text }) => ({
      headers,
      text: text.replaceAll(/<script nonce="[^"]*">/g, "<script>"),
    })),
};
