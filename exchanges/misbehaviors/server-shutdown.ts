import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";
import { milliseconds } from "./options.ts";

const options = z.strictObject({
  closeAfterMs: milliseconds(
    10_000,
    "how long after the notice connections are closed; 10 minutes at the venue",
  ),
});

/** Maintenance is announced. */
export const serverShutdown: Misbehavior<z.infer<typeof options>> = {
  name: "server-shutdown",
  description:
    "Every WebSocket client receives serverShutdown, and later its connection is closed with 1012.",
  occasion: "the misbehavior being enabled",
  options,
};
