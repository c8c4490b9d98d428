import { access } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { UnavailableError } from "../../core/index.ts";

const ARCHIVE_LIMIT_MS = 60_000;
const POLL_MS = 50;

/**
 * Ends the current segment, and waits until the archive has it: until then, nothing later can be restored.
 *
 * @throws UnavailableError `not-archived`
 */
export async function archiveUpToNow(client: pg.Client, archive: string, signal: AbortSignal): Promise<void> {
  const { rows } = await client.query<{ readonly name: string }>(
    "SELECT pg_walfile_name(pg_switch_wal()) AS name",
  );
  const path = join(archive, rows[0]?.name ?? "");
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ARCHIVE_LIMIT_MS)]);
  while (!(await isThere(path))) {
    await delay(POLL_MS, undefined, { signal: limit }).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new UnavailableError({
        code: "not-archived",
        message: `Expected the server to archive ${path} within ${ARCHIVE_LIMIT_MS / 1_000} s, but it did not.`,
        nextStep: "Look at pg_stat_archiver and at the server's log.",
        cause,
      });
    });
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
