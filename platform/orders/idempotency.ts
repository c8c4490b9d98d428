import { createHash, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../database/database.ts";
import type { Defects } from "../defects.ts";
import type { Answer } from "./answer.ts";
import { clientOrderIdOf, orderIdOf } from "./client-order-id.ts";
import { ORDER_COLUMNS } from "./ledger.ts";
import { NOT_SENT, type OrderRequest, type OrderRow } from "./order.ts";
import { IS_RECONCILED } from "./timeline.ts";

/** The state of a key that is already claimed. */
export interface ClaimedKey {
  readonly requestHash: string;
  readonly answer: Answer | undefined;
  /** Whether the lease of the attempt that claimed it has expired, by the database's clock. */
  readonly isExpired: boolean;
}

/** A claim: the key, and the order (or the refusal) that is written with it. */
export interface Claim {
  readonly key: string;
  readonly request: OrderRequest;
  readonly quoteQuantity: string | null;
  /** Set when the order is refused before it is sent: the refusal is stored, and no order is written. */
  readonly refusal: Answer | undefined;
}

/** How long the defect keeps the race open between reading and writing, in ms. */
const RACE_WINDOW_MS = 25;
const KEY_COLUMNS = "request_hash, response_status, response_body, locked_until < now() AS expired";

/** Identifies a request, to detect a key that is used for two different ones. */
export function requestHashOf(request: OrderRequest): string {
  const { accountId, venue, symbol, side, type, quantity, price } = request;
  const fields = [accountId, venue, symbol, side, type, quantity, price];
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}

/** The idempotency keys: one statement decides which attempt executes, and a lease limits for how long. */
export class IdempotencyKeys {
  readonly #database: Database;
  readonly #leaseMs: number;
  readonly #defects: Defects;

  constructor(database: Database, leaseMs: number, defects: Defects) {
    this.#database = database;
    this.#leaseMs = leaseMs;
    this.#defects = defects;
  }

  /**
   * Claims a key and writes its order as PENDING, in one statement. Undefined when the key is already claimed, or
   * when the database was restored and does not have all orders yet. An order that was found at its venue, after the
   * database had forgotten it with its key, is returned as it is.
   */
  async claim(claim: Claim): Promise<OrderRow | "refused" | undefined> {
    const { request, key, refusal } = claim;
    const clientOrderId = clientOrderIdOf(request.accountId, key);
    const racing = this.#defects.has("idempotency-race");
    // DEFECT idempotency-race: the check and the write are two statements, and the write overwrites.
    if (racing) {
      if ((await this.find(request.accountId, key)) !== undefined) return undefined;
      await delay(RACE_WINDOW_MS);
    }
    const onConflict = racing ? "DO UPDATE SET order_id = EXCLUDED.order_id" : "DO NOTHING";
    const orderId = racing ? randomUUID() : orderIdOf(clientOrderId);
    const suffix = racing ? orderId.slice(0, 1) : "";
    const rows = await this.#database.query<OrderRow & { claimed_key: string } & Record<string, unknown>>(
      `WITH claimed AS (
         INSERT INTO idempotency_keys (account_id, key, request_hash, order_id, locked_until, response_status,
           response_body)
         SELECT $1, $2, $3, $4::uuid, now() + $5 * interval '1 millisecond', $6, $7
         WHERE ${IS_RECONCILED}
         ON CONFLICT (account_id, key) ${onConflict} RETURNING key
       ), written AS (
         INSERT INTO orders (id, account_id, idempotency_key, client_order_id, venue, symbol, side, type, quantity, price,
           quote_quantity, next_check_at)
         SELECT $4::uuid, $1, $2, $8, $9, $10, $11, $12, $13::numeric, $14::numeric, $15::numeric,
           now() + $5 * interval '1 millisecond'
         FROM claimed WHERE $6::integer IS NULL
         ON CONFLICT (client_order_id) DO UPDATE SET idempotency_key = EXCLUDED.idempotency_key RETURNING *
       )
       SELECT claimed.key AS claimed_key, ${ORDER_COLUMNS} FROM claimed LEFT JOIN written ON true`,
      [
        request.accountId,
        key,
        requestHashOf(request),
        refusal === undefined ? orderId : null,
        this.#leaseMs,
        refusal?.status ?? null,
        refusal?.body ?? null,
        clientOrderId + suffix,
        request.venue,
        request.symbol,
        request.side,
        request.type,
        request.quantity,
        request.price,
        claim.quoteQuantity,
      ],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    return refusal === undefined ? row : "refused";
  }

  /** The state of a key, or undefined when it is not claimed. */
  async find(accountId: string, key: string): Promise<ClaimedKey | undefined> {
    const [row] = await this.#database.query<{
      request_hash: string;
      response_status: number | null;
      response_body: string | null;
      expired: boolean;
    }>(`SELECT ${KEY_COLUMNS} FROM idempotency_keys WHERE account_id = $1 AND key = $2`, [accountId, key]);
    if (row === undefined) return undefined;
    const answered = row.response_status !== null && row.response_body !== null;
    const answer = answered ? { status: row.response_status ?? 0, body: row.response_body ?? "" } : undefined;
    return { requestHash: row.request_hash, answer, isExpired: row.expired };
  }

  /**
   * Takes over a key, with its order, from an attempt whose lease has expired; the order's `reject_code` says
   * whether that attempt is known not to have sent it. Undefined when another attempt took over first.
   */
  async takeOver(accountId: string, key: string): Promise<OrderRow | undefined> {
    const [row] = await this.#database.query<OrderRow & Record<string, unknown>>(
      `WITH taken AS (
         UPDATE idempotency_keys SET locked_until = now() + $3 * interval '1 millisecond'
         WHERE account_id = $1 AND key = $2 AND response_status IS NULL AND locked_until < now()
         RETURNING order_id
       )
       UPDATE orders SET attempt = attempt + 1, next_check_at = now() + $3 * interval '1 millisecond',
         status = CASE WHEN reject_code = $4 THEN 'PENDING' ELSE status END, updated_at = now()
       WHERE id = (SELECT order_id FROM taken) RETURNING ${ORDER_COLUMNS}`,
      [accountId, key, this.#leaseMs, NOT_SENT],
    );
    return row;
  }

  /** Releases a key whose order was certainly not sent, so that the same key may be tried again. */
  async release(orderId: string, reason: string): Promise<void> {
    await this.#database.query(
      `WITH released AS (
         UPDATE idempotency_keys SET locked_until = now() - interval '1 millisecond'
         WHERE order_id = $1 AND response_status IS NULL
       )
       UPDATE orders SET status = 'REJECTED', reject_code = $2, reject_message = $3, next_check_at = NULL,
         updated_at = now()
       WHERE id = $1 AND status = 'PENDING'`,
      [orderId, NOT_SENT, reason],
    );
  }
}
