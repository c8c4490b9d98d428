import { defineSqlCheck, NO_DOUBTS } from "../engine/sql-check.ts";
import { sqlMutant } from "../engine/sql-mutant.ts";

/** Could the platform's login do more than trade? */
export const loginPowers = defineSqlCheck({
  id: "login-powers",
  title: "Powers of logins",
  question: "Does a login that comes from other machines have powers over the whole database server?",
  risk: "Whoever finds one hole in the platform reads files, drops the books, or makes logins of their own.",
  passes:
    "no session of a client comes from a superuser or a role that makes roles or databases, besides this check's own",
  fix: "ALTER ROLE … NOSUPERUSER NOCREATEROLE NOCREATEDB for the login of the platform; give it its own database.",
  evidence: ["blind_spot_login_powers_{release}.tsv"],
  query: `
    SELECT r.rolname AS role, r.rolsuper::text AS superuser, r.rolcreaterole::text AS makes_roles,
           r.rolcreatedb::text AS makes_databases, count(a.pid)::text AS sessions
      FROM pg_roles r JOIN pg_stat_activity a ON a.usename = r.rolname
     WHERE a.backend_type = 'client backend' AND a.application_name NOT LIKE 'kanit%'
       AND a.datname = current_database()
     GROUP BY 1, 2, 3, 4`,
  nameOf: ({ role }) => `role ${role ?? ""}`,
  problemsOf: ({ role, superuser, makes_roles: roles, makes_databases: databases, sessions }) => {
    const powers = [
      ...(superuser === "true" ? ["is a superuser"] : []),
      ...(roles === "true" ? ["makes roles"] : []),
      ...(databases === "true" ? ["makes databases"] : []),
    ];
    return powers.length === 0 ? [] : [`${role}, with ${sessions} sessions, ${powers.join(" and ")}`];
  },
  doubtsOf: NO_DOUBTS,
  summaryOf: (rows) => rows.map(({ role, sessions }) => `${role} (${sessions})`).join(", "),
  mutant: sqlMutant({
    what: "The platform's role is made a superuser, to get a migration through.",
    harm: ["ALTER ROLE spark SUPERUSER"],
    shows: "SELECT 'spark is a superuser' FROM pg_roles WHERE rolname = 'spark' AND rolsuper",
    heal: ["ALTER ROLE spark NOSUPERUSER"],
  }),
});
