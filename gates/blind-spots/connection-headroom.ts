import { defineCheck } from "../engine/check.ts";
import { numberIn, queryRows, toTsv } from "../engine/sql.ts";
import { sqlMutant } from "../engine/sql-mutant.ts";

const CONSOLE = "pgbouncer";
const MAX_USED_FRACTION = 0.8;

const SERVER = `
  SELECT current_setting('max_connections') AS max_connections,
         current_setting('superuser_reserved_connections') AS reserved,
         (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::text AS used`;
const ROLES =
  "SELECT rolname AS role, rolconnlimit::text AS connection_limit FROM pg_roles WHERE rolcanlogin";

/** Does the database let in as many as the pooler may send? */
export const connectionHeadroom = defineCheck({
  id: "connection-headroom",
  title: "Connection headroom",
  question:
    "Does the database let in as many connections as the pools may open during a release, when old and new run?",
  risk: "The new version finds no connection at the moment of the switch, and so does the way back.",
  command: `psql "$DATABASE_URL" -c 'SHOW max_connections' -c 'SELECT rolname, rolconnlimit FROM pg_roles WHERE rolcanlogin'; psql "$PGBOUNCER_URL" -c 'SHOW DATABASES'`,
  passes: `all pools twice fit into ${MAX_USED_FRACTION * 100} % of max_connections, and no role's limit is below its pool`,
  fix: "Lower default_pool_size, or raise max_connections (a restart) or the role's CONNECTION LIMIT.",
  evidence: ["blind_spot_connection_headroom_{release}.tsv"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["database", "pgbouncer"],
  mutant: sqlMutant({
    what: "The platform's role may open three connections, while its pool has more.",
    harm: ["ALTER ROLE spark CONNECTION LIMIT 3"],
    shows:
      "SELECT 'rolconnlimit ' || rolconnlimit FROM pg_roles WHERE rolname = 'spark' AND rolconnlimit = 3",
    heal: ["ALTER ROLE spark CONNECTION LIMIT -1"],
  }),
  observe: async ({ database, pgbouncer }, { clock, signal }) => {
    const asOfMs = clock.nowMs();
    const [[server] = [], roles = []] = await queryRows(database, [SERVER, ROLES], signal);
    const [pools = [], databases = []] = await queryRows(
      pgbouncer.console,
      ["SHOW POOLS", "SHOW DATABASES"],
      signal,
    );
    const sizes = pools
      .filter((row) => row.database !== CONSOLE)
      .map((row) => ({
        role: row.user ?? "",
        size: numberIn(
          databases.find(({ name }) => name === row.database),
          "pool_size",
        ),
      }));
    const most = numberIn(server, "max_connections") - numberIn(server, "reserved");
    const wanted = 2 * sizes.reduce((sum, { size }) => sum + size, 0);
    const limited = sizes.flatMap(({ role, size }) => {
      const limit = Number(roles.find((row) => row.role === role)?.connection_limit ?? -1);
      return limit >= 0 && limit < size
        ? [`the role ${role} may open ${limit} connections, its pool ${size}`]
        : [];
    });
    return {
      expected: ["server", "pools"],
      examined: [...(server === undefined ? [] : ["server"]), ...(sizes.length === 0 ? [] : ["pools"])],
      acts: [],
      asOfMs,
      violations: [
        ...(wanted > most * MAX_USED_FRACTION
          ? [`the pools twice are ${wanted} connections, of ${most} that there are`]
          : []),
        ...limited,
      ],
      unclear: [],
      summary: `the pools twice ${wanted} of ${most}, ${server?.used ?? "?"} used now`,
      texts: [
        `${toTsv(server === undefined ? [] : [server])}${toTsv(roles)}${toTsv(sizes.map(({ role, size }) => ({ pool_of: role, pool_size: String(size) })))}`,
      ],
    };
  },
});
