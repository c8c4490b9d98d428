import { z } from "zod";
import { BinanceError } from "../binance/binance-error.ts";
import { ACTS_OPTION, afterAct } from "./acts.ts";
import type { BinanceMisbehavior } from "./binance-misbehavior.ts";

const options = ACTS_OPTION.extend({
  status: z.int().min(500).max(599).default(504).describe("its HTTP status"),
});

/** The act is done, but the venue's gateway timed out waiting for its backend: -1007. */
export const backendTimeout: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "backend-timeout",
  description:
    "The order is accepted, replaced or canceled, but answered with 5XX and -1007: send status unknown, execution " +
    "status unknown.",
  occasion: "accepted order, or another act that `acts` names",
  options,
  call: (call) =>
    afterAct(call, ({ status }) => {
      throw new BinanceError(
        status,
        -1007,
        "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
      );
    }),
};
