import { z } from "zod";
import { type BinanceMisbehavior, bodyOf } from "./binance-misbehavior.ts";
import { count } from "./options.ts";

const options = z.strictObject({
  updatesBehind: count(100_000, "how many update ids the snapshot is behind the stream"),
});

/**
 * The snapshot comes from a cache and is always older than the buffered diffs: a client that needs a newer
 * one never gets it.
 */
export const staleSnapshot: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "stale-snapshot",
  description:
    "A depth snapshot is older than any diff that a client has buffered, so that its book never " +
    "synchronizes.",
  occasion: "depth snapshot",
  options,
  call({ endpoint, proceed, strikes }) {
    const result = proceed();
    const body = endpoint === "GET /api/v3/depth" ? bodyOf(result) : undefined;
    const struck = body === undefined ? undefined : strikes();
    if (struck === undefined) return result;
    const lastUpdateId = Number(body?.lastUpdateId) - struck.updatesBehind;
    return { ...result, kind: "body", body: { ...body, lastUpdateId } };
  },
};
