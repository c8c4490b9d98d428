import { z } from "zod";
import { BinanceError } from "../binance/binance-error.ts";
import type { BinanceMisbehavior } from "./binance-misbehavior.ts";

const options = z.strictObject({
  status: z.int().min(500).max(599).default(504).describe("its HTTP status"),
});

/** The order is accepted, but the venue's gateway timed out waiting for its backend: -1007. */
export const backendTimeout: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "backend-timeout",
  description:
    "The order is accepted, but answered with 5XX and -1007: send status unknown, execution status unknown.",
  occasion: "accepted order",
  options,
  call({ endpoint, proceed, strikes }) {
    const result = proceed();
    const struck = endpoint === "POST /api/v3/order" ? strikes() : undefined;
    if (struck === undefined) return result;
    throw new BinanceError(
      struck.status,
      -1007,
      "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    );
  },
};
