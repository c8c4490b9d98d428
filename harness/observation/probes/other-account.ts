import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Operation } from "../../../load/index.ts";
import { requestHttp } from "../../../network/index.ts";

const REQUEST_TIMEOUT_MS = 5_000;
const ACCOUNT = "kanit-other";
const QUANTITY = "0.001";

const answerSchema = z.object({ id: z.string() });

/** An order that was placed for a separate account. */
export interface OtherAccountOrder {
  readonly orderId: string;
  readonly accountId: string;
}

/**
 * Places one order for another account than that of the load's clients, to detect a platform that mixes up
 * accounts. Null when the platform has no accounts, or did not accept the order.
 */
export async function placeForOtherAccount(
  baseUrl: string,
  operations: readonly Operation[],
): Promise<OtherAccountOrder | null> {
  const order = operations.find(({ kind, outcome }) => kind === "place" && outcome === "succeeded")?.request
    .order;
  if (order == null) return null;
  const { venue, symbol } = order;
  const body = { accountId: ACCOUNT, venue, symbol, side: "sell", type: "market", quantity: QUANTITY };
  try {
    const { ok, text } = await requestHttp(`${baseUrl}/api/orders`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
      body: JSON.stringify(body),
      deadlineMs: REQUEST_TIMEOUT_MS,
    });
    const parsed = answerSchema.safeParse(JSON.parse(text));
    return ok && parsed.success ? { orderId: parsed.data.id, accountId: ACCOUNT } : null;
  } catch {
    // The books show what happened to it; without an id it cannot be queried.
    return null;
  }
}
