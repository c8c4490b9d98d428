import { z } from "zod";
import { fields, list } from "./schema.ts";

const decimal = z.string();

const orderStep = fields({
  atMs: z.number(),
  /** Null for an event without a duration. */
  endMs: z.number().nullable(),
  /**
   * `client`: a request and its answer. `fault`: one that was active meanwhile. `venue`: the venue's
   * own record of the order.
   */
  actor: z.enum(["client", "fault", "venue"]),
  text: z.string(),
});

export type OrderStep = z.infer<typeof orderStep>;

/** The standing of an order, the most important first. */
export const ORDER_STANDINGS = [
  /** The platform's books and the venue differ about it, or the venue has it more than once. */
  "differs",
  /** A request for it failed or was not answered. */
  "unanswered",
  /** A fault was active during its requests. */
  "under-fault",
  "undisturbed",
] as const;

const orderRecord = fields({
  /** Unique in its scenario. */
  id: z.string(),
  standing: z.enum(ORDER_STANDINGS),
  venue: z.string(),
  symbol: z.string(),
  side: z.string(),
  /** Null when only the platform has the order, whose books need not contain it. */
  quantity: decimal.nullable(),
  /** Also null for a market order. */
  price: decimal.nullable(),
  idempotencyKey: z.string().nullable(),
  /** In the order of time. */
  steps: list(orderStep),
  /** The order's final state in the platform's books; null when they do not have it. */
  platform: fields({
    orderId: z.string(),
    clientOrderId: z.string(),
    status: z.string(),
    executedQuantity: decimal,
    fills: z.number(),
  }).nullable(),
  /** The order's final state at the venue: none, one, or the same order more than once. */
  venueOrders: list(
    fields({
      orderId: z.string(),
      clientOrderId: z.string(),
      status: z.string(),
      executedQuantity: decimal,
      trades: z.number(),
      /**
       * Whether it is this order by its id, or only by side, quantity, price and time: sent again under
       * another id.
       */
      matchedBy: z.enum(["client order id", "content"]),
    }),
  ),
});

/** The history of one order, from its client, the platform's books and the venue. */
export type OrderRecord = z.infer<typeof orderRecord>;

/** The orders of a scenario, the most important first; `omitted` counts those that are not listed. */
export const orderRecords = fields({ listed: list(orderRecord), omitted: z.number() });

export type OrderRecords = z.infer<typeof orderRecords>;
