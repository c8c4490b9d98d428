import { defineSqlCheck, NO_DOUBTS } from "../engine/sql-check.ts";
import { sqlMutant } from "../engine/sql-mutant.ts";

const LEAST_DAYS = 14;

/** Will a login end soon? */
export const expiringLogins = defineSqlCheck({
  id: "expiring-logins",
  title: "Logins about to expire",
  question: "Does the password of a login end in the days after the release?",
  risk: "Connections that are open go on; the first restart after that day finds nobody let in.",
  passes: `no login of the database ends within ${LEAST_DAYS} days`,
  fix: "ALTER ROLE … VALID UNTIL a date that somebody keeps in a calendar, with a new password.",
  evidence: ["blind_spot_expiring_logins_{release}.tsv"],
  query: `
    SELECT rolname AS role, coalesce(rolvaliduntil::text, 'never') AS valid_until,
           CASE WHEN rolvaliduntil IS NULL OR rolvaliduntil = 'infinity' THEN NULL
                ELSE floor(extract(epoch FROM rolvaliduntil - now()) / 86400)::int::text END AS days
      FROM pg_roles WHERE rolcanlogin`,
  nameOf: ({ role }) => `role ${role ?? ""}`,
  problemsOf: ({ role, days }) =>
    days !== null && days !== undefined && Number(days) < LEAST_DAYS
      ? [`the login ${role} ends in ${days} days`]
      : [],
  doubtsOf: NO_DOUBTS,
  summaryOf: (rows) => `${rows.length} logins`,
  mutant: sqlMutant({
    what: "The password of the platform's role ends in three days.",
    harm: [
      `DO $$ BEGIN EXECUTE format('ALTER ROLE spark VALID UNTIL %L', now() + interval '3 days'); END $$`,
    ],
    shows: "SELECT rolvaliduntil::text FROM pg_roles WHERE rolname = 'spark'",
    heal: ["ALTER ROLE spark VALID UNTIL 'infinity'"],
  }),
});
