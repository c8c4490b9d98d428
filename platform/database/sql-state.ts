/**
 * SQLSTATE classes and codes that describe the server's condition and not the statement: connection
 * exceptions, insufficient resources, operator intervention, system errors, serialization failures, and a sequence that
 * has come to its end.
 */
const SERVER_TROUBLE = /^(?:08|53|57|58|40|2200H|25P0[23]|3D000|55P03)/;
const HAS_SQL_STATE = /^[0-9A-Z]{5}$/;

/**
 * Whether an error of `pg` means that the database is unavailable now, and not that the statement is invalid.
 */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code !== undefined && HAS_SQL_STATE.test(code)) return SERVER_TROUBLE.test(code);
  // Node's own codes (ECONNREFUSED, …) mean that the server could not be reached.
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return true;
  return NO_CODE.some((text) => error.message.includes(text));
}

/** Errors for which pg and pg-pool set no code are recognized by their messages. */
const NO_CODE = [
  "timeout exceeded when trying to connect",
  "Connection terminated",
  "Query read timeout",
  "Client was closed and is not queryable",
  "Client has encountered a connection error",
  "Cannot use a pool after calling end on the pool",
  "timeout expired",
];
