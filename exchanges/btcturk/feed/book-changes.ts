import { formatTrimmed, parseUnits } from "../../market/units.ts";
import type { Occasions } from "../../misbehaviors/misbehavior.ts";
import { missingDelete } from "../../misbehaviors/missing-delete.ts";
import { phantomDelete } from "../../misbehaviors/phantom-delete.ts";
import { CHANGE, type ChangedLevel, type WindowLevel } from "./book-window.ts";

/** The changes on both sides of a book. */
export interface BookChanges {
  readonly AO: readonly ChangedLevel[];
  readonly BO: readonly ChangedLevel[];
}

const TICK = parseUnits("0.01");
const PHANTOM_AMOUNT = "0.01";

/**
 * Returns the changes as a misbehaving venue sends them: without deletes, or with deletes of levels that do
 * not exist. `asks`: the book's own.
 */
export function misbehavingChanges(
  changes: BookChanges,
  asks: readonly WindowLevel[],
  occasions: Occasions,
): BookChanges {
  const isDeleted = ({ CP }: ChangedLevel): boolean => CP === CHANGE.deleted;
  const hasDeletes = changes.AO.some(isDeleted) || changes.BO.some(isDeleted);
  let { AO, BO } = changes;
  if (hasDeletes && occasions.strikes(missingDelete) !== undefined) {
    AO = AO.filter((level) => !isDeleted(level));
    BO = BO.filter((level) => !isDeleted(level));
  }
  const worst = asks.at(-1);
  if (worst === undefined || occasions.strikes(phantomDelete) === undefined) return { AO, BO };
  // A price beyond the window's worst ask was never published; a level that has just left the window may be
  // further out.
  const prices = [worst, ...AO].map(({ P }) => parseUnits(P));
  const beyond = prices.reduce((highest, price) => (price > highest ? price : highest)) + TICK;
  return { AO: [...AO, { CP: CHANGE.deleted, P: formatTrimmed(beyond), A: PHANTOM_AMOUNT }], BO };
}
