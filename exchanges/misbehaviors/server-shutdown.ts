import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";
import { milliseconds } from "./options.ts";

const options = z.strictObject({
  closeAfterMs: milliseconds(
    10_000,
    "how long after the notice connections are closed; the venue gives 10 minutes",
  ),
});

/** Maintenance is announced. */
export const serverShutdown: Misbehavior<z.infer<typeof options>> = {
  name: "server-shutdown",
  description:
    "Every WebSocket client is told serverShutdown, and a while later its connection is closed with 1012.",
  occasion: "switching on",
  options,
};
