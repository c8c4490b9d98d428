import { randomUUID } from "node:crypto";
import { type ApiDefinition, askOnce, type PlatformApi } from "../../../api/index.ts";
import { type Operation, orderQuantity } from "../../../load/index.ts";

const ACCOUNT = "kanit-other";

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
  api: Pick<PlatformApi, "ask">,
  { accounts }: Pick<ApiDefinition, "accounts">,
  operations: readonly Operation[],
): Promise<OtherAccountOrder | null> {
  const order = operations.find(({ kind, outcome }) => kind === "place" && outcome === "succeeded")?.request
    .order;
  if (!accounts || order == null) return null;
  const { venue, symbol } = order;
  const quantity = orderQuantity(symbol, { quantity: 0.5 });
  const asked = { venue, symbol, side: "sell", type: "market", quantity, price: null } as const;
  const question = { kind: "place", order: asked, key: randomUUID(), account: ACCOUNT } as const;
  const { outcome, said } = await askOnce(api, question);
  // Whatever came of an order without an answer, the books tell; there is only nobody to ask for it.
  if (outcome !== "succeeded" || said.id === undefined) return null;
  return { orderId: String(said.id), accountId: ACCOUNT };
}
