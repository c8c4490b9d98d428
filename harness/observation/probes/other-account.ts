import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Operation } from "../../../load/index.ts";
import { requestHttp } from "../../../network/index.ts";

const REQUEST_TIMEOUT_MS = 5_000;
const ACCOUNT = "kanit-other";
const QUANTITY = "0.001";

const answerSchema = z.object({ id: z.string() });

/** An order that was placed for an account of its own. */
export interface OtherAccountOrder {
  readonly orderId: string;
  readonly accountId: string;
}

/**
 * Places one order for another account than that of the load's clients, so that a platform which mixes up
 * accounts is found out. Null when the platform knows no accounts, or did not accept the order.
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
    // Whatever became of it, the books tell; there is only nobody to ask for it.
    return null;
  }
}
