import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { amount, amountText, DECIMAL_TEXT, Decimal, quotient } from "../money.ts";
import { cancelOrder } from "../orders/cancel-order.ts";
import { assetsOf } from "../orders/order.ts";
import type { PlaceResult } from "../orders/place-order.ts";
import { IS_RECONCILED } from "../orders/timeline.ts";
import { forceCollections, occupyEventLoop, waitSynchronously } from "../runtime/planted-work.ts";
import { ORDER_VENUES } from "../venues/venue.ts";
import type { HttpContext } from "./context.ts";

const positiveAmount = z
  .string('expected decimal text such as "0.001", not a number')
  .regex(DECIMAL_TEXT, "expected decimal text: at most 20 digits before and 18 after the point")
  .refine((text) => !/^[0.]+$/.test(text), "expected more than zero");
const accountId = z.string().regex(/^[\w.@-]{1,64}$/);
const order = z
  .strictObject({
    accountId: accountId.default("default"),
    venue: z.enum(ORDER_VENUES),
    symbol: z.string().regex(/^[A-Z0-9]{4,20}$/),
    side: z.enum(["buy", "sell"]),
    type: z.enum(["limit", "market"]),
    quantity: positiveAmount,
    price: positiveAmount.optional(),
  })
  .refine((body) => (body.type === "limit") === (body.price !== undefined), {
    message: "expected a price with a limit order, and none with a market order",
    path: ["price"],
  })
  .refine((body) => assetsOf(body.symbol).quote !== "", {
    message: "expected a symbol that ends in a known quote asset",
    path: ["symbol"],
  })
  .transform((body) => ({ ...body, price: body.price ?? null }));
const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/);
const orderPath = z.object({ id: z.uuid() });
const positionsQuery = z.object({ accountId: accountId.default("default") });

/** Orders and positions. */
export function addOrderRoutes(server: FastifyInstance, context: HttpContext): void {
  const { defects } = context.config;
  const collect = defects.has("forced-gc") ? forceCollections() : undefined;
  server.post("/api/orders", async (request, reply) => {
    if (defects.has("blocking-work")) occupyEventLoop(); // DEFECT blocking-work
    if (defects.has("synchronous-wait")) waitSynchronously(); // DEFECT synchronous-wait
    collect?.(); // DEFECT forced-gc
    const key = idempotencyKey.safeParse(request.headers["idempotency-key"]);
    if (!key.success) {
      return reply.code(400).send({
        error: "idempotency_key_required",
        message: "Expected an Idempotency-Key header of 1 to 255 printable characters.",
      });
    }
    const asked = order.parse(request.body);
    const body = defects.has("rounded-quantity") ? { ...asked, quantity: roundedOff(asked.quantity) } : asked;
    const { config } = context;
    if (!config[body.venue].symbols.includes(body.symbol)) {
      return reply.code(422).send({ error: "unknown_symbol" });
    }
    return sendPlaced(reply, await context.instance().placeOrder.place(body, key.data));
  });

  server.get("/api/orders/:id", async (request, reply) => {
    const { id } = orderPath.parse(request.params);
    const { ledger, recovery } = context.instance();
    await recovery.require();
    const found = await ledger.find(id);
    // A restored database may not have it yet.
    if (found === undefined) await recovery.requireNow();
    return found === undefined ? reply.code(404).send({ error: "order_not_found" }) : found.view;
  });

  server.delete("/api/orders/:id", async (request, reply) => {
    const { id } = orderPath.parse(request.params);
    const { ledger, venues, recovery } = context.instance();
    await recovery.require();
    const result = await cancelOrder(id, ledger, venues);
    switch (result.kind) {
      case "not-found":
        await recovery.requireNow();
        return reply.code(404).send({ error: "order_not_found" });
      case "not-open":
        return reply.code(409).send({ error: "order_not_open", order: result.view });
      case "canceled":
        return result.view;
      case "requested":
        return reply.code(202).send(result.view);
      case "venue-unavailable":
        return reply.code(503).header("retry-after", "1").send({ error: "venue_unavailable" });
    }
  });

  server.get("/api/positions", async (request) => {
    const query = positionsQuery.parse(request.query);
    const { database, recovery } = context.instance();
    await recovery.require();
    const rows = await database.query<PositionRow & Record<string, unknown>>(
      `SELECT id, symbol, quantity::text, cost::text, realized::text, opened_at, updated_at FROM positions
       WHERE account_id = $1 AND status = 'OPEN' AND ${IS_RECONCILED} ORDER BY symbol`,
      [query.accountId],
    );
    if (rows.length === 0) await recovery.requireNow();
    const positions = rows.map(positionView);
    if (!defects.has("number-amounts")) return { accountId: query.accountId, positions };
    // DEFECT number-amounts
    const inexact = positions.map((position) => ({ ...position, quantity: Number(position.quantity) }));
    return { accountId: query.accountId, positions: inexact };
  });
}

/** DEFECT rounded-quantity. */
const roundedOff = (quantity: string): string =>
  amountText(amount(quantity).toDecimalPlaces(4, Decimal.ROUND_UP));

interface PositionRow {
  readonly id: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly cost: string;
  readonly realized: string;
  readonly opened_at: Date;
  readonly updated_at: Date;
}

function positionView(row: PositionRow) {
  const quantity = amount(row.quantity);
  return {
    id: row.id,
    symbol: row.symbol,
    quantity: amountText(quantity),
    cost: amountText(amount(row.cost)),
    averagePrice: amountText(quotient(amount(row.cost), quantity.abs())),
    realized: amountText(amount(row.realized)),
    openedAt: row.opened_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function sendPlaced(reply: FastifyReply, result: PlaceResult): FastifyReply {
  switch (result.kind) {
    case "answered":
      if (result.replayed) reply.header("idempotency-replayed", "true");
      return reply
        .code(result.answer.status)
        .type("application/json; charset=utf-8")
        .send(result.answer.body);
    case "conflict":
      return reply.code(409).send({
        error: "idempotency_conflict",
        message: "This idempotency key was used with another body.",
      });
    case "in-progress":
      return reply.code(409).header("retry-after", "1").send({
        error: "idempotency_in_progress",
        message: "Another request with this idempotency key is being executed.",
      });
    case "execution-disabled":
      return reply.code(423).send({ error: "execution_disabled" });
    case "venue-unavailable":
      return reply
        .code(503)
        .header("retry-after", String(Math.max(1, Math.ceil(result.retryAfterMs / 1_000))))
        .send({ error: "venue_unavailable", message: result.reason });
  }
}
