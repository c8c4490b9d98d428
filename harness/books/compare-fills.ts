import type { PlatformDefinition } from "../../definition/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import { tradingAmong } from "../../venues/index.ts";
import { fillDifferences, fillKey } from "../invariants/fills-agree.ts";
import { readFills } from "../observation/ledger.ts";
import { readVenueTrades } from "../observation/venue-books.ts";

/** The fills of a lab's platform beside the venues' trades. */
export interface ComparedFills {
  readonly compared: number;
  /** The fills whose amounts differ from the venue's. */
  readonly differing: readonly string[];
}

/**
 * Compares each fill that is in both books, to the last decimal. Both books may be written meanwhile: a fill and a
 * trade never change, and one that is not in the other book yet is left out.
 *
 * @throws UnavailableError `ledger-unreadable`, `venue-books-unreadable`.
 */
export async function compareFills(
  { databaseUrl, venueControl }: Pick<LabAddresses, "databaseUrl" | "venueControl">,
  { ledger, venues }: Pick<PlatformDefinition, "ledger" | "venues">,
): Promise<ComparedFills> {
  const [fills, ...trades] = await Promise.all([
    readFills(databaseUrl, ledger),
    ...tradingAmong(venues).map(async (venue) =>
      (await readVenueTrades(venueControl, venue)).map((trade) => ({ venue, trade })),
    ),
  ]);
  const byKey = new Map(
    trades.flat().map(({ venue, trade }) => [fillKey(venue, trade.symbol, trade.tradeId), trade]),
  );
  const pairs = fills.flatMap((fill) => {
    const key = fillKey(fill.venue, fill.symbol, fill.venue_trade_id);
    const trade = byKey.get(key);
    return trade === undefined ? [] : [{ key, trade, fill }];
  });
  const differing = pairs.filter(({ key, trade, fill }) => fillDifferences(key, trade, fill).length > 0);
  return { compared: pairs.length, differing: differing.map(({ key }) => key) };
}
