import type { Mutant } from "../engine/mutant.ts";
import { tableTrigger } from "./table-trigger.ts";

/** A migration gave the costs fewer decimals. */
export const roundedCost: Mutant = tableTrigger({
  what: "The database rounds the cost of each fill to four decimals, as a column of fewer decimals does.",
  name: "red_team_round",
  table: "fills",
  event: "INSERT",
  assignment: "NEW.cost := round(NEW.cost, 4)",
});
