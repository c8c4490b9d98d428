import { z } from "zod";
import { fields, list } from "./schema.ts";

const decimal = z.string();

const orderStep = fields({
  atMs: z.number(),
  /** Null for what took no time. */
  endMs: z.number().nullable(),
  /** `client`: a request and its answer. `fault`: one that was active meanwhile. `venue`: its own account of the order. */
  actor: z.enum(["client", "fault", "venue"]),
  text: z.string(),
});

export type OrderStep = z.infer<typeof orderStep>;

/** How an order stands out, the most first. */
export const ORDER_STANDINGS = [
  /** The platform's books and the venue say different things of it, or the venue has it more than once. */
  "differs",
  /** A request for it failed or was not answered. */
  "unanswered",
  /** A fault was active on its way. */
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
  /** Null where only the platform knows the order, whose books need not hold it. */
  quantity: decimal.nullable(),
  /** Null for a market order too. */
  price: decimal.nullable(),
  idempotencyKey: z.string().nullable(),
  /** In the order of time. */
  steps: list(orderStep),
  /** What the platform's books say in the end; null when they lack the order. */
  platform: fields({
    orderId: z.string(),
    clientOrderId: z.string(),
    status: z.string(),
    executedQuantity: decimal,
    fills: z.number(),
  }).nullable(),
  /** What the venue says in the end: none, one, or the same order more than once. */
  venueOrders: list(
    fields({
      orderId: z.string(),
      clientOrderId: z.string(),
      status: z.string(),
      executedQuantity: decimal,
      trades: z.number(),
      /** Whether it is this order by its id, or only by side, quantity, price and time: sent again under another id. */
      matchedBy: z.enum(["client order id", "content"]),
    }),
  ),
});

/** The history of one order, as its client, the platform's books and the venue have it. */
export type OrderRecord = z.infer<typeof orderRecord>;

/** The orders of a scenario, those that tell most first; `omitted` counts those that are not listed. */
export const orderRecords = fields({ listed: list(orderRecord), omitted: z.number() });

export type OrderRecords = z.infer<typeof orderRecords>;
