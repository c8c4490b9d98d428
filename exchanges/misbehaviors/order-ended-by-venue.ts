import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";

const options = z.strictObject({
  how: z.enum(["canceled", "expired"]).default("canceled").describe("the status with which the orders end"),
});

/** The venue takes orders back that nobody canceled. */
export const orderEndedByVenue: Misbehavior<z.infer<typeof options>> = {
  name: "order-ended-by-venue",
  description:
    "The venue ends resting orders by itself, CANCELED or EXPIRED, which only their events and queries show.",
  occasion: "open order, once each time it is enabled",
  options,
};
