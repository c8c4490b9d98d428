import type { Lab } from "../../lab/index.ts";
import type { LoadPlanInput } from "../../load/index.ts";

type Workload = NonNullable<LoadPlanInput["workload"]>;

/** In the body of a request, where the symbol of the lab is meant. */
export const SYMBOL_PLACE = "{symbol}";

/** A workload as it is in a lab: its orders, quotes and requests are of the symbol that is traded there. */
export function tradedWorkload<Given extends Workload>(
  workload: Given,
  { symbols: [symbol] }: Pick<Lab, "symbols">,
) {
  if (workload.kind === "order-flow") return { symbol, ...workload };
  return workload.body === undefined
    ? workload
    : { ...workload, body: workload.body.replaceAll(SYMBOL_PLACE, symbol) };
}
