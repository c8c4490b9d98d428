import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCluster, type TestCluster } from "../testing/test-cluster.ts";
import { parseLsn } from "./lsn.ts";
import { WalArchive } from "./wal-archive.ts";
import { readCoverage, type WalCoverage } from "./wal-coverage.ts";

const SEGMENT_BYTES = 1024 * 1024;
const POLL_MS = 20;
const MICROS_PER_MS = 1_000n;

describe("what an archive of a real Postgres covers", () => {
  let cluster: TestCluster;
  let from: bigint;
  let systemId: string;
  const committed: { readonly xid: number; readonly atMicros: bigint }[] = [];
  beforeAll(async () => {
    cluster = await startTestCluster();
    const { server } = cluster;
    await server.query("postgres", "CREATE TABLE orders (id int PRIMARY KEY, body text)");
    await server.query("postgres", "SELECT pg_switch_wal()");
    await server.query("postgres", "CHECKPOINT");
    const [redo] = await server.query("postgres", "SELECT redo_lsn FROM pg_control_checkpoint()");
    from = parseLsn(redo?.redo_lsn ?? "");
    const [system] = await server.query("postgres", "SELECT system_identifier FROM pg_control_system()");
    systemId = system?.system_identifier ?? "";
    for (let id = 0; id < 5; id++) {
      // A record of over a segment goes on in the next one.
      const body = id === 2 ? "repeat(md5(random()::text), 60000)" : "'small'";
      const [row] = await server.query(
        "postgres",
        `INSERT INTO orders SELECT ${id}, ${body} RETURNING pg_current_xact_id()::text AS xid,
         (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text AS micros`,
      );
      committed.push({ xid: Number(row?.xid), atMicros: BigInt(row?.micros ?? 0) });
    }
    await server.query("postgres", "SELECT pg_create_restore_point('before the migration')");
    await server.query("postgres", "BEGIN; INSERT INTO orders VALUES (99, ''); ROLLBACK");
    await endSegment();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  /** Ends the segment, and waits until it is in the archive. */
  async function endSegment(): Promise<void> {
    const [row] = await cluster.server.query("postgres", "SELECT pg_walfile_name(pg_switch_wal()) AS name");
    const name = row?.name ?? "";
    while (!(await readdir(cluster.archiveDirectory)).includes(name)) await delay(POLL_MS);
  }

  async function coverage(directory = cluster.archiveDirectory): Promise<WalCoverage> {
    return await readCoverage(new WalArchive(directory, SEGMENT_BYTES), {
      systemId,
      timeline: 1,
      fromLsn: from,
    });
  }

  it("is each commit with its transaction and time, each restore point, and the end of the last segment", async () => {
    const { commits, restorePoints, end, untilLsn } = await coverage();
    const seen = commits.filter(({ xid }) => committed.some((each) => each.xid === xid));
    expect(seen.map(({ xid }) => xid)).toEqual(committed.map(({ xid }) => xid));
    for (const [index, commit] of seen.entries()) {
      expect(commit.atMicros).toBeGreaterThanOrEqual(committed[index]?.atMicros ?? 0n);
      expect(commit.atMicros).toBeLessThan((committed[index]?.atMicros ?? 0n) + 60_000n * MICROS_PER_MS);
    }
    expect(restorePoints.map(({ name }) => name)).toEqual(["before the migration"]);
    const [next] = await cluster.server.query(
      "postgres",
      "SELECT pg_walfile_name(pg_current_wal_lsn()) AS name, pg_current_wal_lsn()::text AS lsn",
    );
    expect(end).toEqual({ kind: "missing", segment: next?.name });
    expect(untilLsn).toBeLessThanOrEqual(parseLsn(next?.lsn ?? ""));
  });

  it("ends before a segment that is not there", async () => {
    const names = (await readdir(cluster.archiveDirectory)).toSorted();
    const lost = names[Math.floor(names.length / 2)] ?? "";
    const { end, commits } = await coverage(await copyOfArchive("lost", (name) => name !== lost));
    expect(end).toEqual({ kind: "missing", segment: lost });
    expect(commits.length).toBeLessThan((await coverage()).commits.length);
  });

  it("ends before a segment of another server", async () => {
    const archive = new WalArchive(cluster.archiveDirectory, SEGMENT_BYTES);
    const { commits, end } = await readCoverage(archive, { systemId: "7", timeline: 1, fromLsn: from });
    expect(commits).toEqual([]);
    expect(end).toMatchObject({ kind: "damaged", why: expect.stringContaining(systemId) });
  });

  it("ends before a byte that is not the one that was written, wherever it is", async () => {
    const whole = await coverage();
    const last = whole.commits.at(-1);
    const directory = await copyOfArchive("damaged", () => true);
    for (const commit of whole.commits.slice(0, 5)) {
      const offset = Number(commit.startLsn % BigInt(SEGMENT_BYTES)) + 8;
      const name =
        (await readdir(directory)).toSorted().find((each) => endsAfter(each, commit.startLsn)) ?? "";
      const path = join(directory, name);
      const sound = await readFile(path);
      const bytes = Buffer.from(sound);
      bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
      await writeFile(path, bytes);
      const { end, untilLsn } = await coverage(directory);
      expect(end).toMatchObject({ kind: "damaged", segment: name });
      expect(untilLsn).toBeLessThanOrEqual(commit.startLsn);
      expect(untilLsn).toBeLessThan(last?.endLsn ?? 0n);
      await writeFile(path, sound);
    }
  });

  async function copyOfArchive(name: string, isKept: (name: string) => boolean): Promise<string> {
    const directory = await cluster.folder(name);
    for (const each of await readdir(cluster.archiveDirectory)) {
      if (isKept(each))
        await writeFile(join(directory, each), await readFile(join(cluster.archiveDirectory, each)));
    }
    return directory;
  }

  function endsAfter(name: string, lsn: bigint): boolean {
    return BigInt(`0x${name.slice(16)}`) * BigInt(SEGMENT_BYTES) + BigInt(SEGMENT_BYTES) > lsn;
  }
});
