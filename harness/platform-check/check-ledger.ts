import type { PlacedOrder } from "../../api/index.ts";
import { type Ledger, readLedger } from "../observation/ledger.ts";
import { columnsOf, LEDGER_TABLES, type LedgerTable } from "../observation/ledger-rows.ts";
import { findLedgerMistakes } from "../proof/prove-ledger.ts";
import type { CheckedPlatform } from "./checked-platform.ts";
import { broken, notApplicable, type PlatformFinding, works } from "./platform-finding.ts";

/** Compares the columns of the books with what they must have, and looks for the orders that were placed. */
export async function checkLedger(
  { lab, platform }: CheckedPlatform,
  placed: readonly PlacedOrder[],
): Promise<readonly PlatformFinding[]> {
  const { databaseUrl } = lab.addresses;
  const mistakes = await findLedgerMistakes(databaseUrl, platform.ledger);
  const columns = LEDGER_TABLES.flatMap((table) => {
    const wrong = mistakes.filter((mistake) => mistake.table === table);
    if (wrong.length > 0) return wrong.map(({ problem, fix }) => broken(["ledger", table], problem, fix));
    return [works(["ledger", table], `has the columns ${requiredColumns(table).join(", ")}`)];
  });
  if (mistakes.length > 0) return columns;
  const ledger = await readLedger(databaseUrl, platform.ledger).catch((error: unknown) => error);
  if (ledger instanceof Error)
    return [...columns, broken(["ledger"], ledger.message, "correct the values of this column")];
  return [...columns, ...rows(ledger as Ledger, placed)];
}

function requiredColumns(table: LedgerTable): readonly string[] {
  return columnsOf(table)
    .filter(({ isRequired }) => isRequired)
    .map(({ name }) => name);
}

function rows(
  { orders, fills, positions }: Ledger,
  placed: readonly PlacedOrder[],
): readonly PlatformFinding[] {
  if (placed.length === 0) return [notApplicable(["ledger"], "rows: no order was placed")];
  const missing = placed.filter(({ id }) => !orders.some(({ order_id }) => order_id === id));
  if (missing.length > 0)
    return [
      broken(
        ["ledger", "orders"],
        `order ${missing[0]?.id} is not in it`,
        "select each order, with the id that clients get as order_id",
      ),
    ];
  const keyless = placed.filter(
    ({ id, key }) => orders.find(({ order_id }) => order_id === id)?.idempotency_key !== key,
  );
  return [
    keyless.length === 0
      ? works(["ledger", "orders"], "has the placed orders, each with its key")
      : broken(
          ["ledger", "orders"],
          `the idempotency_key of order ${keyless[0]?.id} is not the key that it was placed with`,
          "select the key as it came",
        ),
    fills.length > 0
      ? works(["ledger", "fills"], "has the fills")
      : broken(
          ["ledger", "fills"],
          "has no fill of the filled order",
          "select each fill with its venue_trade_id",
        ),
    positions.length > 0
      ? works(["ledger", "positions"], "has the position")
      : broken(["ledger", "positions"], "has no position after a fill", "select each open position"),
  ];
}
