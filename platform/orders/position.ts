import { Decimal, quotient } from "../money.ts";

/** What an account holds of a symbol. */
export interface Position {
  /** Signed: above zero is long. After fees that were paid in the base asset. */
  readonly quantity: Decimal;
  /** What the open quantity cost (long) or brought in (short), in the quote asset, never negative. */
  readonly cost: Decimal;
  /** Profit and loss of what was closed, less fees that were paid in the quote asset. */
  readonly realized: Decimal;
}

/** One execution as a position sees it. */
export interface Execution {
  /** What came in (above zero) or went out, in the base asset, after base fees. */
  readonly signedQuantity: Decimal;
  /** price × quantity in the quote asset, before fees. */
  readonly cost: Decimal;
  readonly quoteFee: Decimal;
}

const ZERO = new Decimal(0);

/** A position that was just opened and holds nothing yet. */
export const FLAT: Position = { quantity: ZERO, cost: ZERO, realized: ZERO };

/**
 * A position after an execution, by average cost. An execution that crosses zero closes the position and opens
 * one on the other side with what is left: then `opened` is there.
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
