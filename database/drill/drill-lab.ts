import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { openApi, requestClient } from "../../api/index.ts";
import { type Clock, seededRandom } from "../../core/index.ts";
import type { PlatformDefinition } from "../../definition/index.ts";
import type { LabAddresses } from "../../lab/index.ts";
import { postgresClient } from "../../network/index.ts";
import { tradingAmong } from "../../venues/index.ts";
import { archiveUpToNow } from "../backup/archive-up-to-now.ts";
import { readCoverageOf } from "../backup/read-coverage-of.ts";
import { takeBackup } from "../backup/take-backup.ts";
import { postgresPrograms } from "../instance/programs.ts";
import { type DrilledRestore, drillRestores } from "./drill-restores.ts";
import type { KnownOrder } from "./known-order.ts";
import { placeOrders } from "./place-orders.ts";

const REQUEST_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const QUANTITY = "0.001";
const MICROS_PER_MS = 1_000n;
const OTHERS_MAY_ENTER = 0o755;

export interface LabDrillOptions {
  /** A local lab, whose Postgres archives. */
  readonly addresses: Pick<LabAddresses, "databaseUrl" | "platform">;
  readonly platform: PlatformDefinition;
  /** The driver of the platform's API, where it has one. */
  readonly driver: Parameters<typeof openApi>[1]["driver"];
  readonly symbol: string;
  /** For how long orders are placed after the backup. */
  readonly loadMs: number;
  readonly targets: number;
  readonly seed: number;
  /** Where the server's archive is. */
  readonly archive: string;
  readonly temporaryDirectory: string;
  readonly clock: Clock;
  readonly onStep: (what: string) => void;
  readonly onRestored: (drilled: DrilledRestore) => void;
  readonly signal: AbortSignal;
}

/** What a drill of restores came to. */
export interface LabDrill {
  readonly backupTookMs: number;
  readonly orders: number;
  readonly acceptedOrders: number;
  /**
   * How much would have been lost if the machine had been lost at the end of the load: from the last commit in the
   * archive to the last answer to a client. Null when no order was accepted.
   */
  readonly recoveryPointMs: number | null;
  readonly restores: readonly DrilledRestore[];
}

/** Backs a lab's database up under load, and restores it to moments that are drawn from the time of the load. */
export async function drillLab(options: LabDrillOptions): Promise<LabDrill> {
  const { addresses, clock, signal, temporaryDirectory, archive, onStep } = options;
  const workDirectory = await mkdtemp(join(temporaryDirectory, "kanit-restore-"));
  // Root's Postgres runs as another user, who has to get in.
  await chmod(workDirectory, OTHERS_MAY_ENTER);
  const client = postgresClient(addresses.databaseUrl, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on("error", () => undefined);
  try {
    const programs = await postgresPrograms(temporaryDirectory);
    const restoreDirectory = join(workDirectory, "restored");
    await mkdir(restoreDirectory, { mode: OTHERS_MAY_ENTER });
    await client.connect();
    onStep("taking a base backup of the running server …");
    const startMs = clock.monotonicMs();
    const backup = await takeBackup(client, join(workDirectory, "backup"), "kanit restore drill");
    const backupTookMs = clock.monotonicMs() - startMs;
    onStep(`placing orders for ${options.loadMs / 1_000} s …`);
    const known = await placeOrdersOf(options);
    const recoveryPointMs = lostAt(
      known,
      (await readCoverageOf(backup.record, archive)).commits.at(-1)?.atMicros,
    );
    await archiveUpToNow(client, archive, signal);
    onStep(`restoring to ${options.targets} moments …`);
    const [database] = (await client.query<{ readonly name: string }>("SELECT current_database() AS name"))
      .rows;
    const restores = await drillRestores({
      programs,
      backup,
      archive,
      known,
      ledger: { database: database?.name ?? "", orders: options.platform.ledger.orders },
      targets: options.targets,
      random: seededRandom(options.seed),
      clock,
      workDirectory: restoreDirectory,
      onRestored: options.onRestored,
      signal,
    });
    const acceptedOrders = known.filter(({ isAccepted }) => isAccepted).length;
    return { backupTookMs, orders: known.length, acceptedOrders, recoveryPointMs, restores };
  } finally {
    await client.end();
    await rm(workDirectory, { recursive: true, force: true });
  }
}

async function placeOrdersOf(options: LabDrillOptions): Promise<readonly KnownOrder[]> {
  const { platform, addresses, symbol, driver, loadMs, clock, signal } = options;
  await using api = await openApi(platform.api, {
    client: requestClient(addresses.platform, REQUEST_TIMEOUT_MS),
    driver,
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  const orders = tradingAmong(platform.venues).map(
    (venue) => ({ venue, symbol, side: "buy", type: "market", quantity: QUANTITY, price: null }) as const,
  );
  return await placeOrders(api, orders, clock.nowMs() + loadMs, signal);
}

function lostAt(known: readonly KnownOrder[], archivedMicros: bigint | undefined): number | null {
  const answered = known.filter(({ isAccepted }) => isAccepted).map(({ answeredMicros }) => answeredMicros);
  const [first] = answered;
  if (first === undefined) return null;
  const last = answered.reduce((latest, each) => (each > latest ? each : latest), first);
  return Math.max(0, Number((last - (archivedMicros ?? first)) / MICROS_PER_MS));
}
