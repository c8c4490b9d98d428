import type { Mutant } from "../engine/mutant.ts";
import { queryRows, withClient } from "../engine/sql.ts";

const ACCOUNT = "red-team-flood";
const BATCH = 2_000;
const EVERY_MS = 200;

const insertBatch = `INSERT INTO idempotency_keys (account_id, key, request_hash, locked_until)
  SELECT '${ACCOUNT}', gen_random_uuid()::text, 'none', now() FROM generate_series(1, ${BATCH})`;

/** A client draws a new key for each of its retries. */
export const keyFlood: Mutant = {
  what: `${BATCH} new idempotency keys are stored each ${EVERY_MS} ms, as by a client that draws a new key for each retry.`,
  apply: async ({ lab, clock, signal }) => {
    const { databaseUrl } = lab.addresses;
    await queryRows(databaseUrl, [insertBatch], signal);
    const ending = new AbortController();
    const until = AbortSignal.any([ending.signal, signal]);
    const flood = withClient(databaseUrl, until, async (ask) => {
      for (;;) {
        await clock.sleep(EVERY_MS, until);
        await ask(insertBatch);
      }
    }).catch((error: unknown) => (until.aborted ? null : error));
    return {
      effect: `idempotency_keys: ${BATCH} new rows, and as many each ${EVERY_MS} ms`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        ending.abort();
        const failure = await flood;
        const undo = `DELETE FROM idempotency_keys WHERE account_id = '${ACCOUNT}'`;
        await queryRows(databaseUrl, [undo], AbortSignal.timeout(10_000));
        if (failure !== null) throw failure;
      },
    };
  },
};
