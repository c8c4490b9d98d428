import { randomInt } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../core/index.ts";
import { archiveUpToNow } from "../backup/archive-up-to-now.ts";
import { readBackupRecord } from "../backup/backup-record.ts";
import { readCoverageOf } from "../backup/read-coverage-of.ts";
import { takeBackup } from "../backup/take-backup.ts";
import { Instance } from "../instance/instance.ts";
import { isProved } from "../proof/proof.ts";
import { proveMoment } from "../proof/prove-moment.ts";
import { proveStructure } from "../proof/prove-structure.ts";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";
import { planRestore, type RestorePlan } from "./plan-restore.ts";
import { parseTargetTime, type RecoveryTarget } from "./recovery-target.ts";
import { restoreDatabase } from "./restore.ts";

const POLL_MS = 20;
/** Postgres starts, and takes a backup; others may need the processor too. */
const START_LIMIT_MS = 120_000;
const ORDERS = 12;

/** An order as its client knows it: what was answered, and when, by the server's clock. */
interface KnownOrder {
  readonly id: number;
  readonly xid: number;
  readonly beforeMicros: bigint;
  readonly answeredMicros: bigint;
}

describe("a database that is restored to a moment", { timeout: START_LIMIT_MS }, () => {
  let cluster: TestCluster;
  let backup: string;
  const known: KnownOrder[] = [];
  let restores = 0;

  beforeAll(async () => {
    cluster = await startTestCluster();
    const { server } = cluster;
    await server.query(
      "postgres",
      `CREATE TABLE accounts (id int PRIMARY KEY, name text CHECK (name <> ''));
       CREATE TABLE orders (id serial PRIMARY KEY, account int NOT NULL REFERENCES accounts, client_id int UNIQUE);
       INSERT INTO accounts VALUES (1, 'one')`,
    );
    for (let id = 0; id < ORDERS / 2; id++) await placeOrder(id);
    const folder = join(cluster.directory, "backups", "first");
    await using client = await server.connect("postgres");
    ({ folder: backup } = await takeBackup(client.pg, folder, "first"));
    for (let id = ORDERS / 2; id < ORDERS; id++) await placeOrder(id);
    await server.query("postgres", "SELECT pg_create_restore_point('release')");
    await placeOrder(ORDERS);
    await endSegment();
  }, START_LIMIT_MS);
  afterAll(() => cluster[Symbol.asyncDispose]());

  async function placeOrder(id: number): Promise<void> {
    const beforeMicros = await nowMicros();
    const [row] = await cluster.server.query(
      "postgres",
      `INSERT INTO orders (account, client_id) VALUES (1, ${id}) RETURNING pg_current_xact_id()::text AS xid`,
    );
    known.push({ id, xid: Number(row?.xid), beforeMicros, answeredMicros: await nowMicros() });
  }

  async function nowMicros(): Promise<bigint> {
    const [row] = await cluster.server.query(
      "postgres",
      `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now`,
    );
    return parseTargetTime(row?.now ?? "");
  }

  async function endSegment(): Promise<void> {
    const [row] = await cluster.server.query("postgres", "SELECT pg_walfile_name(pg_switch_wal()) AS name");
    while (!(await readdir(cluster.archiveDirectory)).includes(row?.name ?? "")) await delay(POLL_MS);
  }

  async function restore(target: RecoveryTarget, archive = cluster.archiveDirectory, from = backup) {
    restores += 1;
    return await restoreDatabase({
      programs: cluster.programs,
      backup: from,
      archive,
      target,
      to: join(cluster.directory, `restored-${restores}`),
      logDirectory: join(cluster.directory, `log-${restores}`),
      clock: systemClock,
    });
  }

  /** The clients' ids of the orders that a restore to this target has. */
  async function ordersAt(target: RecoveryTarget): Promise<readonly number[]> {
    const restored = await restore(target);
    await using instance = restored.instance;
    const rows = await instance.query("postgres", "SELECT client_id FROM orders ORDER BY client_id");
    for (const proof of [...(await proveMoment(restored)), ...(await proveStructure(instance))]) {
      expect(proof.violations, proof.name).toEqual([]);
      expect(isProved(proof), proof.name).toBe(true);
    }
    return rows.map(({ client_id }) => Number(client_id));
  }

  const upTo = (last: number) => Array.from({ length: last + 1 }, (_, id) => id);

  it("has each order that was answered before the time, and none that was placed after it", async () => {
    const at = known[ORDERS / 2 + 2] as KnownOrder;
    expect(await ordersAt({ kind: "time", atMicros: at.answeredMicros })).toEqual(upTo(at.id));
    expect(await ordersAt({ kind: "time", atMicros: at.beforeMicros })).toEqual(upTo(at.id - 1));
  });

  it("ends just before a transaction, at a restore point, or at the end of the archive", async () => {
    const at = known[ORDERS - 2] as KnownOrder;
    expect(await ordersAt({ kind: "before-transaction", xid: at.xid })).toEqual(upTo(at.id - 1));
    expect(await ordersAt({ kind: "restore-point", name: "release" })).toEqual(upTo(ORDERS - 1));
    expect(await ordersAt({ kind: "latest" })).toEqual(upTo(ORDERS));
  });

  it("is found out when it is another moment than the one that was asked for", async () => {
    const [asked, other] = [known[ORDERS - 3], known[ORDERS - 1]] as [KnownOrder, KnownOrder];
    const plan = await planOf({ kind: "before-transaction", xid: asked.xid });
    for (const xid of [other.xid, known[ORDERS / 2 + 1]?.xid ?? 0]) {
      const restored = await restore({ kind: "before-transaction", xid });
      await using _ = restored.instance;
      const wrong = (await proveMoment({ ...restored, plan })).filter((proof) => !isProved(proof));
      expect(wrong.map(({ name }) => name)).toEqual(["end of the recovery", "transactions"]);
    }
  });

  it("is refused for a moment before the backup, which Postgres restores to a later state without a word", async () => {
    const [first] = known;
    await expect(restore({ kind: "time", atMicros: first?.answeredMicros ?? 0n })).rejects.toMatchObject({
      code: "target-not-covered",
      nextStep: expect.stringContaining("What can be restored: "),
    });
    await expect(restore({ kind: "before-transaction", xid: first?.xid ?? 0 })).rejects.toMatchObject({
      code: "target-not-covered",
    });
  });

  it("is refused for a moment that the log does not reach", async () => {
    const after = (known.at(-1)?.answeredMicros ?? 0n) + 1_000_000n;
    await expect(restore({ kind: "time", atMicros: after })).rejects.toMatchObject({
      code: "target-not-covered",
    });
    await expect(restore({ kind: "restore-point", name: "no such" })).rejects.toMatchObject({
      code: "target-not-covered",
    });
  });

  it("is refused where a segment on the way is lost or damaged, and says which", async () => {
    const last = known[ORDERS - 1] as KnownOrder;
    const target = { kind: "before-transaction", xid: last.xid } as const;
    const [commit] = (await planOf(target)).excluded;
    const name = (await readdir(cluster.archiveDirectory))
      .filter((each) => /^[0-9A-F]{24}$/.test(each))
      .toSorted()
      .find((each) => (BigInt(`0x${each.slice(16)}`) + 1n) * 1_048_576n > (commit?.startLsn ?? 0n));
    const path = join(cluster.archiveDirectory, name ?? "");
    const sound = await readFile(path);
    try {
      await rm(path);
      await expect(restore(target)).rejects.toMatchObject({
        nextStep: expect.stringContaining(name ?? "none"),
      });
      const damaged = Buffer.from(sound);
      damaged.fill(randomInt(1, 255), 40, 4_096);
      await writeFile(path, damaged);
      await expect(restore(target)).rejects.toMatchObject({
        nextStep: expect.stringContaining("is damaged"),
      });
    } finally {
      await writeFile(path, sound);
    }
  });

  async function planOf(target: RecoveryTarget): Promise<RestorePlan> {
    const record = await readBackupRecord(backup);
    return planRestore(record, await readCoverageOf(record, cluster.archiveDirectory), target);
  }

  it("is refused for a backup of which a file was changed", async () => {
    const path = join(backup, "data", "global", "pg_control");
    const sound = await readFile(path);
    await writeFile(path, Buffer.concat([sound, Buffer.from("x")]));
    try {
      await expect(restore({ kind: "latest" })).rejects.toMatchObject({ code: "backup-damaged" });
    } finally {
      await writeFile(path, sound);
    }
  });

  it("can be backed up and restored again on its new timeline, and not with the log of the old one", async () => {
    const restored = await restore({ kind: "latest" });
    const data = join(cluster.directory, `restored-${restores}`);
    await restored.instance.shutDown();
    await restored.instance[Symbol.asyncDispose]();
    const archive = await cluster.folder("archive-2");
    await using server = await Instance.start({
      programs: cluster.programs,
      dataDirectory: data,
      superuser: restored.backup.superuser,
      archiving: { kind: "folder", directory: archive },
      settings: ["fsync=off"],
      logDirectory: join(cluster.directory, "log-timeline-2"),
    });
    await using client = await server.connect("postgres");
    const { folder, record } = await takeBackup(client.pg, join(cluster.directory, "backups", "second"), "2");
    expect(record.timeline).toBe(2);
    await server.query("postgres", "INSERT INTO orders (account, client_id) VALUES (1, 900)");
    await archiveUpToNow(client.pg, archive, new AbortController().signal);
    const again = await restore({ kind: "latest" }, archive, folder);
    await using instance = again.instance;
    const [found] = await instance.query("postgres", "SELECT client_id FROM orders WHERE client_id = 900");
    expect(found).toEqual({ client_id: "900" });
    for (const proof of await proveMoment(again)) expect(proof.violations, proof.name).toEqual([]);
    await expect(restore({ kind: "latest" }, cluster.archiveDirectory, folder)).rejects.toMatchObject({
      code: "target-not-covered",
      nextStep: expect.stringMatching(/00000002\w{16} is not in the archive/),
    });
  });

  it("never touches the archive that it was restored from", async () => {
    const names = async () => (await readdir(cluster.archiveDirectory)).toSorted();
    const before = await names();
    const restored = await restore({ kind: "latest" });
    await using instance = restored.instance;
    await instance.query("postgres", "SELECT pg_switch_wal()");
    await instance.query("postgres", "CHECKPOINT");
    expect(await names()).toEqual(before);
  });
});
