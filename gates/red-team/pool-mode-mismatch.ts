import { defineCheck } from "../engine/check.ts";
import { queryRows, type TextRow } from "../engine/sql.ts";
import { sessionPooling } from "./session-pooling.ts";

/** pgBouncer's own database, which its console is. */
const CONSOLE = "pgbouncer";

/** Does the pooler pool as the platform relies on, for each database and each user? */
export const poolModeMismatch = defineCheck({
  id: "pool-mode-mismatch",
  title: "5. Pool mode of pgBouncer",
  question:
    "Is the mode of the pooler, of each of its databases and of each of its users the one that the platform relies on?",
  risk: "In session mode a few clients hold all connections; in statement mode each transaction fails; an override of one user hides both.",
  command: `psql "$PGBOUNCER_URL" -c 'SHOW CONFIG' -c 'SHOW DATABASES' -c 'SHOW USERS' -c 'SHOW POOLS'`,
  passes:
    "pool_mode is the expected one in the configuration, and no database, user or open pool has another",
  fix: "Correct pool_mode in pgbouncer.ini, also behind a database and a user, then RELOAD and RECONNECT.",
  evidence: ["red_team_pass_{release}.txt"],
  deadlineMs: 15_000,
  maxAgeMs: 60_000,
  needs: ["pgbouncer"],
  mutant: sessionPooling,
  observe: async ({ pgbouncer }, { clock, signal }) => {
    const asOfMs = clock.nowMs();
    const [config = [], databases = [], users = [], pools = []] = await queryRows(
      pgbouncer.console,
      ["SHOW CONFIG", "SHOW DATABASES", "SHOW USERS", "SHOW POOLS"],
      signal,
    );
    const modes = [
      ...config.filter(({ key }) => key === "pool_mode").map(({ value }) => modeOf("configuration", value)),
      ...databases.filter(isOther).map((row) => modeOf(`database ${row.name}`, row.pool_mode)),
      ...users.map((row) => modeOf(`user ${row.name}`, row.pool_mode)),
      ...pools.filter(isOther).map((row) => modeOf(`pool ${row.database}/${row.user}`, row.pool_mode)),
    ];
    const others = modes.filter(({ mode }) => mode !== null && mode !== pgbouncer.poolMode);
    return {
      expected: ["configuration", "databases"],
      examined: [
        ...(modes.some(({ what }) => what === "configuration") ? ["configuration"] : []),
        ...(databases.some(isOther) ? ["databases"] : []),
      ],
      acts: [],
      asOfMs,
      violations: others.map(
        ({ what, mode }) => `${what}: ${mode}, the platform relies on ${pgbouncer.poolMode}`,
      ),
      unclear: [],
      summary: `${modes.length} modes read, ${others.length} other than ${pgbouncer.poolMode}`,
      texts: [
        [
          "5. Pool mode of pgBouncer",
          ...modes.map(({ what, mode }) => `  ${what}: ${mode ?? "as the configuration"}`),
          "",
        ].join("\n"),
      ],
    };
  },
});

function isOther({ database, name }: TextRow): boolean {
  return database !== CONSOLE && name !== CONSOLE;
}

function modeOf(what: string, mode: string | null | undefined) {
  return { what, mode: mode === null || mode === undefined || mode === "" ? null : mode };
}
