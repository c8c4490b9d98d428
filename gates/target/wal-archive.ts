import { UnavailableError } from "../../core/index.ts";
import { ARCHIVE_COMMAND } from "../../lab/index.ts";
import { queryRows } from "../engine/sql.ts";

const TIMEOUT = "60s";
const DEADLINE_MS = 10_000;

/**
 * Lets a lab's Postgres archive its WAL into a folder of its own, from now to its end: two gates may examine the same
 * lab. A lab that nobody asks archives nowhere, since copies of hours of load would fill the disk.
 */
export async function startWalArchive(databaseUrl: string, signal: AbortSignal): Promise<void> {
  await setArchiveCommand(databaseUrl, ARCHIVE_COMMAND, signal);
  await queryRows(
    databaseUrl,
    [`ALTER SYSTEM SET archive_timeout = '${TIMEOUT}'`, "SELECT pg_reload_conf()"],
    signal,
  );
}

/**
 * The same, on the way to something else: a database that refuses or does not answer is for the checks to find out, and
 * without an archive the one of the WAL says so.
 */
export async function tryWalArchive(databaseUrl: string, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    await startWalArchive(databaseUrl, AbortSignal.any([signal, deadline]));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UnavailableError || deadline.aborted)) throw error;
  }
}

/** Sets the command by which Postgres archives. */
export async function setArchiveCommand(
  databaseUrl: string,
  command: string,
  signal: AbortSignal,
): Promise<void> {
  const quoted = command.replaceAll("'", "''");
  await queryRows(
    databaseUrl,
    [`ALTER SYSTEM SET archive_command = '${quoted}'`, "SELECT pg_reload_conf()"],
    signal,
  );
}
