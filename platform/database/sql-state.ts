/**
 * SQLSTATE classes and codes that speak about the server, not about the statement: connection exceptions,
 * insufficient resources, operator intervention, system errors, and serialization failures.
 */
const SERVER_TROUBLE = /^(?:08|53|57|58|40|25P0[23]|3D000|55P03)/;
const HAS_SQL_STATE = /^[0-9A-Z]{5}$/;

/** Whether an error of `pg` says that the database could not do it now, rather than that it must not be done. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code !== undefined && HAS_SQL_STATE.test(code)) return SERVER_TROUBLE.test(code);
  // Node's own codes (ECONNREFUSED, …) name the way to the server.
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return true;
  return NO_CODE.some((text) => error.message.includes(text));
}

/** What pg and pg-pool say without any code, by their own words. */
const NO_CODE = [
  "timeout exceeded when trying to connect",
  "Connection terminated",
  "Query read timeout",
  "Client was closed and is not queryable",
  "Client has encountered a connection error",
  "Cannot use a pool after calling end on the pool",
  "timeout expired",
];
