import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { askOnce, type OrderRequest, type PlatformApi } from "../../api/index.ts";
import type { KnownOrder } from "./known-order.ts";

const CLIENTS = 4;
const PAUSE_MS = 20;
const MICROS_PER_MS = 1_000n;
/** `Date.now` is cut to whole milliseconds. */
const RESOLUTION_MS = 1;

/** What has to be accepted before the time counts as over: nothing could be proved by fewer. */
const LEAST_ACCEPTED = 10;
const LONGEST_MORE_MS = 60_000;

/**
 * Places orders, each client one after the other, until the time is over, and keeps what each came to. On a machine
 * that has little time for it, they go on until some were accepted.
 */
export async function placeOrders(
  api: Pick<PlatformApi, "ask">,
  orders: readonly OrderRequest[],
  untilMs: number,
  signal: AbortSignal,
): Promise<readonly KnownOrder[]> {
  const known: KnownOrder[] = [];
  const isOver = (): boolean => {
    const nowMs = Date.now();
    const accepted = known.filter(({ isAccepted }) => isAccepted).length;
    return nowMs >= untilMs && (accepted >= LEAST_ACCEPTED || nowMs >= untilMs + LONGEST_MORE_MS);
  };
  const client = async (number: number): Promise<void> => {
    for (let count = number; !isOver() && !signal.aborted; count++) {
      const order = orders[count % orders.length];
      if (order === undefined) return;
      const key = randomUUID();
      const beganMicros = BigInt(Date.now()) * MICROS_PER_MS;
      const { outcome } = await askOnce(api, { kind: "place", order, key, account: null });
      const answeredMicros = BigInt(Date.now() + RESOLUTION_MS) * MICROS_PER_MS;
      known.push({ key, beganMicros, answeredMicros, isAccepted: outcome === "succeeded" });
      await delay(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return known;
}
