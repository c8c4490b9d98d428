import { formatDuration, UnavailableError } from "../../core/index.ts";
import { databaseUrlOf } from "../../lab/index.ts";
import { postgresClient } from "../../network/index.ts";
import { brokenLink } from "./broken-link.ts";
import type { LabProofOptions } from "./lab-proof-options.ts";

const LINKS = ["pgbouncer", "postgres"] as const;
const TIMEOUT_MS = 5_000;
const MAX_CLOCK_DIFFERENCE_MS = 5_000;
const CLOCK = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms";

/**
 * Checks that the database answers through both of its links, and that its clock agrees with this machine's.
 *
 * @throws UnavailableError `link-carries-nothing` or `clocks-differ`.
 */
export async function proveDatabase({ addresses, clock }: LabProofOptions): Promise<void> {
  await Promise.all(
    LINKS.map(async (link) => {
      const nowMs = await readClock(databaseUrlOf(addresses, link)).catch((cause: unknown) => {
        throw brokenLink(link, "the database", cause);
      });
      const aheadMs = nowMs - clock.nowMs();
      if (Math.abs(aheadMs) > MAX_CLOCK_DIFFERENCE_MS) throw clocksDiffer(aheadMs);
    }),
  );
}

async function readClock(url: string): Promise<number> {
  const client = postgresClient(url, { connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS });
  // Without a listener, a connection that breaks would end the process; the query rejects anyway.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ readonly now_ms: number }>(CLOCK);
    return Number(rows[0]?.now_ms);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function clocksDiffer(aheadMs: number): UnavailableError {
  const where = aheadMs > 0 ? "ahead of" : "behind";
  return new UnavailableError({
    code: "clocks-differ",
    message: `Expected the database's clock to agree with this machine's, got ${formatDuration(Math.abs(aheadMs))} ${where} it.`,
    nextStep: "Synchronize the clocks; a virtual machine's clock stops while its host sleeps.",
  });
}
