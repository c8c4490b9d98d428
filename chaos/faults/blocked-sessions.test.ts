import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresRig, postgresAvailable } from "../proxy/protocols/pg/testing/postgres-rig.ts";
import { until } from "../proxy/test-rig.ts";
import type { FaultContext } from "./fault-kind.ts";
import type { FaultInput } from "./fault-schema.ts";
import { injectFault } from "./inject-fault.ts";
import { completeFault } from "./parse-fault.ts";

describe.skipIf(!postgresAvailable)(
  "faults that are sessions with the database (skipped where Postgres or pgBouncer is not installed)",
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
      await rig.admin.query("CREATE TABLE held (id serial PRIMARY KEY); INSERT INTO held DEFAULT VALUES");
    }, 60_000);

    afterAll(async () => {
      await rig[Symbol.asyncDispose]();
    });

    const inject = (fault: FaultInput<"postgres" | "pgbouncer">) =>
      injectFault(completeFault(fault), context);
    const ON_HELD = { link: "postgres", table: "held" } as const;

    it("an idle transaction keeps its rows until it heals, and counts who waited", async () => {
      const active = await inject({ kind: "idle-transaction", ...ON_HELD });
      const writer = await rig.connect("pgbouncer");
      const written = writer.query("UPDATE held SET id = id");
      await until(async () => countOf(await active.bite()) === 1);
      await active.heal();
      await written;
      await expect(
        inject({ kind: "idle-transaction", link: "postgres", table: "nowhere" }),
      ).rejects.toMatchObject({
        code: "fault-not-injected",
      });
    });

    it("a pile-up of locks blocks readers too, and leaves the table as it was", async () => {
      const active = await inject({ kind: "lock-pile-up", ...ON_HELD });
      const reader = await rig.connect("pgbouncer");
      const read = reader.query("SELECT * FROM held");
      await until(async () => countOf(await active.bite()) === 1);
      await active.heal();
      expect((await read).fields.map(({ name }) => name)).toEqual(["id"]);
      const { rows } = await rig.admin.query("SELECT * FROM held");
      expect(Object.keys(rows[0])).toEqual(["id"]);
    });

    it("a sequence ends after the numbers that are left, and goes on when it heals", async () => {
      const active = await inject({ kind: "sequence-exhausted", ...ON_HELD, column: "id", left: 1 });
      const insert = () => rig.admin.query("INSERT INTO held VALUES (DEFAULT)");
      await insert();
      await expect(insert()).rejects.toMatchObject({ code: "2200H" });
      await active.heal();
      expect(countOf(await active.bite())).toBe(1);
      await insert();
      await expect(
        inject({ kind: "sequence-exhausted", link: "postgres", table: "pg_class", column: "relname" }),
      ).rejects.toMatchObject({ code: "fault-not-injected" });
    });

    it("a sequence that was not used up has touched nothing", async () => {
      const active = await inject({ kind: "sequence-exhausted", ...ON_HELD, column: "id", left: 1_000 });
      await active.heal();
      expect(countOf(await active.bite())).toBe(0);
    });

    it.each(["sql", "extended"] as const)(
      "statements that others prepare by %s are counted",
      async (protocol) => {
        const active = await inject({ kind: "foreign-statements", link: "pgbouncer", protocol });
        await until(async () => countOf(await active.bite()) > 0);
        await active.heal();
        expect(await active.bite()).toMatchObject({ messages: expect.any(Number) });
      },
    );
  },
);

const countOf = (bite: { readonly kind: string; readonly connections?: number }): number =>
  bite.kind === "counted" ? (bite.connections ?? 0) : 0;
