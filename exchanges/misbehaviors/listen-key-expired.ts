import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** The listen key ends long before its hour. */
export const listenKeyExpired: Misbehavior = {
  name: "listen-key-expired",
  description:
    "The listen key expires before its time: its stream gets listenKeyExpired and no more events, and renewing it " +
    "answers -1125.",
  occasion: "the misbehavior being enabled while there is a listen key",
  options: NO_OPTIONS,
};
