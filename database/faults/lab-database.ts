import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import type { FaultyDatabase, StruckProcess } from "../../chaos/index.ts";
import { type Clock, KanitError } from "../../core/index.ts";
import { ARCHIVE_COMMAND, archiveBeside, type Lab, type LabAddresses } from "../../lab/index.ts";
import { postgresClient } from "../../network/index.ts";
import { archiveUpToNow } from "../backup/archive-up-to-now.ts";
import { takeBackup } from "../backup/take-backup.ts";
import { postgresPrograms } from "../instance/programs.ts";
import type { RecoveryTarget } from "../restore/recovery-target.ts";
import { type RestoredDatabase, restoreDatabase } from "../restore/restore.ts";
import { fillDisk } from "./fill-disk.ts";
import { poolBySession } from "./pool-by-session.ts";

const CONNECT_TIMEOUT_MS = 5_000;
const OTHERS_MAY_ENTER = 0o755;
const POINT = "kanit-fault";

export interface LabDatabaseOptions {
  readonly lab: Pick<Lab, "powers" | "runtime"> & {
    readonly addresses: Pick<LabAddresses, "databaseUrl" | "poolerAdminUrl">;
  };
  readonly temporaryDirectory: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** How a server is lost, and what it is restored to. */
interface Loss {
  /** How long it goes on after what can be restored. */
  readonly lostMs: number;
  readonly target: RecoveryTarget;
}

/** The powers of faults over a lab's database; null where its files are out of reach. */
export function faultyDatabaseOf(options: LabDatabaseOptions): FaultyDatabase | null {
  const { powers, runtime } = options.lab;
  if (runtime !== "local" || powers === null || powers.killing === null) return null;
  const { killing } = powers;
  const loseServer = (loss: Loss) => lose(options, loss, () => killing.takeDown("postgres"));
  return {
    restoreTo: (lostMs) => loseServer({ lostMs, target: { kind: "restore-point", name: POINT } }),
    // The archive has the log only up to the point, which the rest of it did not get to.
    failOver: (lagMs) => loseServer({ lostMs: lagMs, target: { kind: "latest" } }),
    poolBySession: (connections) => poolBySession(options.lab.addresses.poolerAdminUrl, connections),
    fillDisk: (table) => withAdmin(options, (client) => fillDisk(client, table, options)),
  };
}

/**
 * Backs the server up and archives its log up to now, lets it go on for a while, kills it, and restores it in its
 * place. The lost data stay beside as they were: nobody starts them again.
 */
async function lose(
  options: LabDatabaseOptions,
  { lostMs, target }: Loss,
  takeDown: () => Promise<{ startAgain(): Promise<void> }>,
): Promise<StruckProcess> {
  const { temporaryDirectory, signal, clock } = options;
  const programs = await postgresPrograms(temporaryDirectory);
  const workDirectory = await mkdtemp(join(temporaryDirectory, "kanit-lost-"));
  try {
    // Root's Postgres runs as another user, who has to get in.
    await chmod(workDirectory, OTHERS_MAY_ENTER);
    const { backup, data } = await withAdmin(options, (client) => prepare(client, workDirectory, signal));
    await delay(lostMs, undefined, { signal });
    const downtime = await takeDown();
    await rename(data, join(data, "..", `lost-${Math.trunc(clock.monotonicMs())}`));
    const restored = await restoreDatabase({
      ...{ programs, backup, target, clock },
      archive: archiveBeside(data),
      to: data,
      logDirectory: join(workDirectory, "log"),
    });
    await endCleanly(restored);
    await archiveHistory(data);
    return { restore: () => downtime.startAgain() };
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

async function prepare(client: pg.Client, workDirectory: string, signal: AbortSignal) {
  await client.query(`ALTER SYSTEM SET archive_command = '${ARCHIVE_COMMAND}'`);
  await client.query("SELECT pg_reload_conf()");
  const { folder } = await takeBackup(client, join(workDirectory, "backup"), "kanit fault");
  await client.query("SELECT pg_create_restore_point($1)", [POINT]);
  const { rows } = await client.query<{ data: string }>("SELECT current_setting('data_directory') AS data");
  const data = rows[0]?.data;
  if (data === undefined) throw new TypeError("Expected the server to say where its data are.");
  await mkdir(archiveBeside(data), { recursive: true });
  await archiveUpToNow(client, archiveBeside(data), signal);
  return { backup: folder, data };
}

/** The archive knows the new timeline from now on, so that no later restore takes its number again. */
async function archiveHistory(data: string): Promise<void> {
  const wal = join(data, "pg_wal");
  const histories = (await readdir(wal)).filter((name) => name.endsWith(".history"));
  for (const name of histories) await copyFile(join(wal, name), join(archiveBeside(data), name));
}

async function endCleanly({ instance }: RestoredDatabase): Promise<void> {
  try {
    await instance.shutDown();
  } catch (cause) {
    throw new KanitError({
      code: "restored-not-ended",
      message: "Expected the restored server to end, so that the lab can start it.",
      nextStep: "See its log.",
      exitCode: 1,
      cause,
    });
  } finally {
    await instance[Symbol.asyncDispose]();
  }
}

async function withAdmin<Result>(
  { lab }: Pick<LabDatabaseOptions, "lab">,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = postgresClient(lab.addresses.databaseUrl, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
