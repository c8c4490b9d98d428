/** The text up to the first NUL, and where the next begins; undefined without a NUL. */
export function readCString(
  body: Buffer,
  from = 0,
): { readonly text: string; readonly next: number } | undefined {
  const end = body.indexOf(0, from);
  return end < 0 ? undefined : { text: body.toString("utf8", from, end), next: end + 1 };
}

/** The text up to the first NUL, or up to the end of the inspected part. */
export function readText(body: Buffer, from = 0): string {
  return readCString(body, from)?.text ?? body.toString("utf8", from);
}

/** The SQLSTATE of an ErrorResponse or NoticeResponse; undefined when it is not in the inspected part. */
export function readSqlState(body: Buffer): string | undefined {
  for (let at = 0; at < body.length && body[at] !== 0; ) {
    const field = readCString(body, at + 1);
    if (field === undefined) return undefined;
    if (body[at] === "C".charCodeAt(0)) return field.text;
    at = field.next;
  }
  return undefined;
}

/** The fields that every server sends in an error. */
export interface PgError {
  readonly severity: string;
  readonly sqlState: string;
  readonly message: string;
}

/** An ErrorResponse. */
export function errorResponse({ severity, sqlState, message }: PgError): Buffer {
  // S may be translated, V never is.
  return typed("E", `S${severity}\0V${severity}\0C${sqlState}\0M${message.replaceAll("\0", "")}\0\0`);
}

/** A simple Query. */
export const query = (text: string): Buffer => typed("Q", `${text}\0`);

/** A Parse without parameter types. */
export const parse = (statement: string, text: string): Buffer =>
  typed("P", `${statement}\0${text}\0`, Buffer.alloc(2));

/** A Bind without parameters. */
export const bind = (portal: string, statement: string): Buffer =>
  typed("B", `${portal}\0${statement}\0`, Buffer.alloc(6));

/** An Execute without a limit of rows. */
export const execute = (portal: string): Buffer => typed("E", `${portal}\0`, Buffer.alloc(4));

/** A Close of a prepared statement. */
export const closeStatement = (statement: string): Buffer => typed("C", `S${statement}\0`);

export const sync = (): Buffer => typed("S", "");

/** A CopyFail: the client cannot continue to send data. */
export const copyFail = (reason: string): Buffer => typed("f", `${reason}\0`);

function typed(type: string, text: string, tail = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(text), tail]);
  const header = Buffer.alloc(5);
  header.write(type, "latin1");
  header.writeUInt32BE(4 + body.length, 1);
  return Buffer.concat([header, body]);
}
