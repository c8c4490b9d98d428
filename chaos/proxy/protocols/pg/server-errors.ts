interface ServerError {
  readonly severity: "ERROR" | "FATAL";
  readonly message: string;
}

/** PostgreSQL's own messages for its most common errors when it is in trouble. */
const KNOWN: ReadonlyMap<string, ServerError> = new Map([
  ["40001", { severity: "ERROR", message: "could not serialize access due to concurrent update" }],
  ["40P01", { severity: "ERROR", message: "deadlock detected" }],
  ["53100", { severity: "ERROR", message: "could not extend file: No space left on device" }],
  ["53200", { severity: "ERROR", message: "out of memory" }],
  ["53300", { severity: "FATAL", message: "sorry, too many clients already" }],
  ["55P03", { severity: "ERROR", message: "could not obtain lock on row" }],
  ["57014", { severity: "ERROR", message: "canceling statement due to statement timeout" }],
  ["57P01", { severity: "FATAL", message: "terminating connection due to administrator command" }],
  [
    "57P02",
    { severity: "FATAL", message: "terminating connection because of crash of another server process" },
  ],
  ["57P03", { severity: "FATAL", message: "the database system is starting up" }],
]);

/**
 * PostgreSQL's severity and message for this SQLSTATE; for an unknown one, an ERROR with a general message.
 */
export function serverErrorOf(sqlState: string): ServerError {
  return KNOWN.get(sqlState) ?? { severity: "ERROR", message: `injected error ${sqlState}` };
}
