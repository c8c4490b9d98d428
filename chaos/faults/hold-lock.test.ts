import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresRig, postgresAvailable } from "../proxy/protocols/pg/testing/postgres-rig.ts";
import { until } from "../proxy/test-rig.ts";
import type { FaultContext } from "./fault-kind.ts";
import { injectFault } from "./inject-fault.ts";
import { parseFault } from "./parse-fault.ts";

describe.skipIf(!postgresAvailable)(
  "hold-lock (skipped where Postgres or pgBouncer is not installed)",
  () => {
    let rig: PostgresRig;
    let context: FaultContext;

    beforeAll(async () => {
      rig = await PostgresRig.start();
      const databaseUrlOf = (link: string) => {
        const { host, port } = rig.addressOf(link === "postgres" ? "postgres" : "pgbouncer");
        return `postgres://spark@${host}:${port}/postgres`;
      };
      context = {
        proxy: rig.faults,
        databaseUrlOf,
        venueControlUrl: "http://127.0.0.1:9",
        processes: null,
        clients: null,
        ownFaults: [],
      };
    }, 60_000);

    afterAll(async () => {
      await rig[Symbol.asyncDispose]();
    });

    const lock = (...pairs: string[]) => injectFault(parseFault("postgres", "hold-lock", pairs), context);
    const waiting = async () => {
      const { rows } = await rig.admin.query("SELECT 1 FROM pg_locks WHERE NOT granted");
      return rows.length;
    };

    it("blocks writers until it heals, lets readers read, and counts the sessions that waited", async () => {
      const active = await lock("table=entries", "holdMs=60000");
      expect(active.label).toBe("lock on entries held for 60000 ms of every 60100 ms on postgres");
      expect(await rig.entries()).toEqual([]);
      const writer = await rig.connect("pgbouncer");
      const written = writer.query("INSERT INTO entries (text) VALUES ('late')");
      await until(async () => (await waiting()) === 1);
      expect(await active.bite()).toMatchObject({ connections: 0 });
      await active.heal();
      await written;
      expect(await active.bite()).toEqual({ kind: "counted", connections: 1, bytes: 0, messages: null });
      expect(await rig.entries()).toEqual(["late"]);
      await rig.reset();
    });

    it("releases the lock between two periods, and takes it again", async () => {
      await using active = await lock("table=entries", "holdMs=30", "pauseMs=30");
      const writer = await rig.connect("pgbouncer");
      const bitten = async () => {
        await writer.query("INSERT INTO entries (text) VALUES ('in between')");
        const bite = await active.bite();
        return bite.kind === "counted" && bite.connections > 0;
      };
      await until(bitten);
      await active.heal();
      await rig.reset();
    });

    it("refuses a table that does not exist, instead of locking nothing", async () => {
      await expect(lock("table=nowhere")).rejects.toMatchObject({
        code: "lock-not-held",
        message: expect.stringContaining('relation "nowhere" does not exist'),
      });
    });

    it("survives when the database ends its session", async () => {
      const active = await lock("table=entries", "holdMs=60000");
      await rig.admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kanit-hold-lock'",
      );
      await active.heal();
      expect(await rig.entries()).toEqual([]);
    });
  },
);
