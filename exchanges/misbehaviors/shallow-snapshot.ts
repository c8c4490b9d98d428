import { z } from "zod";
import { type BinanceMisbehavior, bodyOf } from "./binance-misbehavior.ts";
import { count } from "./options.ts";

const options = z.strictObject({ levels: count(5, "how many levels per side the snapshot has") });

/**
 * Clients do not know levels beyond the snapshot's limit until they change, so a client's book has fewer
 * levels than the venue's.
 */
export const shallowSnapshot: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "shallow-snapshot",
  description:
    "A depth snapshot has only the best few levels, whatever limit was requested; those beyond stay " +
    "unknown until they change.",
  occasion: "depth snapshot",
  options,
  call({ endpoint, proceed, strikes }) {
    const result = proceed();
    const body = endpoint === "GET /api/v3/depth" ? bodyOf(result) : undefined;
    const struck = body === undefined ? undefined : strikes();
    if (body === undefined || struck === undefined) return result;
    const best = (side: unknown): unknown => (Array.isArray(side) ? side.slice(0, struck.levels) : side);
    return { ...result, kind: "body", body: { ...body, bids: best(body.bids), asks: best(body.asks) } };
  },
};
