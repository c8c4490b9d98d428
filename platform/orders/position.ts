import { Decimal, quotient } from "../money.ts";

/** What an account holds of a symbol. */
export interface Position {
  /** Signed: above zero is long. Net of fees paid in the base asset. */
  readonly quantity: Decimal;
  /** What the open quantity cost (long) or brought in (short), in the quote asset, never negative. */
  readonly cost: Decimal;
  /** Profit and loss of what was closed, net of fees paid in the quote asset. */
  readonly realized: Decimal;
}

/** One execution, as far as it affects a position. */
export interface Execution {
  /** Base asset received (positive) or spent (negative), net of base fees. */
  readonly signedQuantity: Decimal;
  /** price × quantity in the quote asset, before fees. */
  readonly cost: Decimal;
  readonly quoteFee: Decimal;
}

const ZERO = new Decimal(0);

/** A new position with quantity 0. */
export const FLAT: Position = { quantity: ZERO, cost: ZERO, realized: ZERO };

/**
 * A position after an execution, by average cost. An execution that crosses zero closes the position and
 * opens one on the other side with the rest; only then is `opened` set.
 */
export function applyExecution(
  position: Position,
  execution: Execution,
): { readonly position: Position; readonly opened: Position | undefined } {
  const { signedQuantity, cost, quoteFee } = execution;
  const realized = position.realized.minus(quoteFee);
  const grows = position.quantity.isZero() || position.quantity.s === signedQuantity.s;
  if (grows || signedQuantity.isZero()) {
    const quantity = position.quantity.plus(signedQuantity);
    return { position: { quantity, cost: position.cost.plus(cost), realized }, opened: undefined };
  }
  const held = position.quantity.abs();
  const traded = signedQuantity.abs();
  const closing = Decimal.min(held, traded);
  const closedCost = closing.eq(held) ? position.cost : quotient(position.cost.times(closing), held);
  const closedProceeds = closing.eq(traded) ? cost : quotient(cost.times(closing), traded);
  const gain = position.quantity.isPositive()
    ? closedProceeds.minus(closedCost)
    : closedCost.minus(closedProceeds);
  const left = position.quantity.plus(signedQuantity);
  const crosses = traded.gt(held);
  return {
    position: {
      quantity: crosses ? ZERO : left,
      cost: position.cost.minus(closedCost),
      realized: realized.plus(gain),
    },
    opened: crosses ? { quantity: left, cost: cost.minus(closedProceeds), realized: ZERO } : undefined,
  };
}
