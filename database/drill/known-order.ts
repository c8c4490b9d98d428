import type { Proof } from "../proof/proof.ts";
import { formatMicros } from "../restore/recovery-target.ts";

const MOST_SHOWN = 5;

/**
 * An order as its client knows it. Times are in microseconds since 1970, and wide enough for the clock's
 * resolution.
 */
export interface KnownOrder {
  /** The idempotency key. */
  readonly key: string;
  readonly beganMicros: bigint;
  readonly answeredMicros: bigint;
  /** Whether the platform said that it has the order: then it was committed. */
  readonly isAccepted: boolean;
}

/**
 * Proves a restored database by what clients know: each order that was answered before the moment is there, and none
 * that was placed after it. An order that was on its way at the moment may be there or not.
 *
 * @param keys of the orders in the restored database.
 */
export function proveOrders(
  known: readonly KnownOrder[],
  atMicros: bigint,
  keys: ReadonlySet<string>,
): readonly Proof[] {
  const before = known.filter((order) => order.isAccepted && order.answeredMicros < atMicros);
  const after = known.filter((order) => order.beganMicros > atMicros);
  return [
    {
      name: "orders answered before the moment",
      examined: before.length,
      violations: shown(
        before.filter(({ key }) => !keys.has(key)),
        (order) => `${order.key}, answered at ${formatMicros(order.answeredMicros)}, is lost`,
      ),
    },
    {
      name: "orders placed after the moment",
      examined: after.length,
      violations: shown(
        after.filter(({ key }) => keys.has(key)),
        (order) => `${order.key}, placed at ${formatMicros(order.beganMicros)}, is there`,
      ),
    },
  ];
}

function shown(orders: readonly KnownOrder[], describe: (order: KnownOrder) => string): readonly string[] {
  const lines = orders.slice(0, MOST_SHOWN).map(describe);
  return orders.length > MOST_SHOWN ? [...lines, `and ${orders.length - MOST_SHOWN} more`] : lines;
}
