import pg from "pg";
import type { Transaction } from "../database/database.ts";
import { amount, amountText, Decimal } from "../money.ts";
import type { Side, VenueFill } from "../venues/venue.ts";
import { assetsOf } from "./order.ts";
import { applyExecution, type Execution, type Position } from "./position.ts";

interface PositionRow {
  readonly id: string;
  readonly quantity: string;
  readonly cost: string;
  readonly realized: string;
}

/** A fill with its cost, price × quantity. */
export interface CostedFill extends VenueFill {
  readonly cost: Decimal;
}

/**
 * Updates the account's position by fills that were stored in this transaction. Runs last and is sent
 * together with COMMIT, because every order of an account and symbol waits for the lock of this row.
 */
export async function movePosition(
  transaction: Transaction,
  owner: { readonly accountId: string; readonly symbol: string; readonly side: Side },
  fills: readonly CostedFill[],
): Promise<void> {
  const { accountId, symbol, side } = owner;
  // Finds the open position or creates one, and locks it, so that it includes what others have committed.
  const open = async (): Promise<PositionRow> => {
    const [row] = await transaction.query<PositionRow & Record<string, unknown>>(
      `INSERT INTO positions (account_id, symbol, quantity, cost) VALUES ($1, $2, 0, 0)
       ON CONFLICT (account_id, symbol) WHERE status = 'OPEN' DO UPDATE SET updated_at = now()
       RETURNING id, quantity::text, cost::text, realized::text`,
      [accountId, symbol],
    );
    if (row === undefined) throw new Error(`the position of ${accountId} in ${symbol} cannot be opened`);
    return row;
  };
  let row = await open();
  let position: Position = {
    quantity: amount(row.quantity),
    cost: amount(row.cost),
    realized: amount(row.realized),
  };
  for (const fill of fills) {
    const moved = applyExecution(position, executionOf(fill, symbol, side));
    position = moved.position;
    if (moved.opened === undefined) continue;
    await transaction.query(writeStatement(row.id, position));
    row = await open();
    position = moved.opened;
  }
  transaction.commitWith(writeStatement(row.id, position));
}

function executionOf(fill: CostedFill, symbol: string, side: Side): Execution {
  const { base, quote } = assetsOf(symbol);
  const baseFee = fill.feeAsset === base ? fill.fee : new Decimal(0);
  const signed = side === "buy" ? fill.quantity : fill.quantity.neg();
  return {
    signedQuantity: signed.minus(baseFee),
    cost: fill.cost,
    quoteFee: fill.feeAsset === quote ? fill.fee : new Decimal(0),
  };
}

function writeStatement(id: string, position: Position): string {
  const [quantity, cost, realized] = [position.quantity, position.cost, position.realized].map((value) =>
    pg.escapeLiteral(amountText(value)),
  );
  const closed = position.quantity.isZero();
  return `UPDATE positions SET quantity = ${quantity}, cost = ${cost}, realized = ${realized},
    status = '${closed ? "CLOSED" : "OPEN"}', updated_at = now(), closed_at = ${closed ? "now()" : "NULL"}
    WHERE id = ${pg.escapeLiteral(id)}`;
}
