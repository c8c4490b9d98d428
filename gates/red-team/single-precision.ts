import type { Mutant } from "../engine/mutant.ts";
import { tableTrigger } from "./table-trigger.ts";

/** A column became one of floating point. */
export const singlePrecision: Mutant = tableTrigger({
  what: "The database keeps the cost of a position with single precision, as a column of type real does.",
  name: "red_team_real",
  table: "positions",
  event: "INSERT OR UPDATE",
  assignment: "NEW.cost := NEW.cost::real::numeric",
});
