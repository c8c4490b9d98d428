import { UnavailableError } from "../../core/index.ts";
import { postgresClient, withoutCredentials } from "../../network/index.ts";

/** One row, every column as text. */
export type TextRow = Readonly<Record<string, string | null>>;

const CONNECT_MS = 5_000;
const GOODBYE_MS = 500;

/**
 * Runs queries one after the other on a connection of their own, by the simple protocol, which pgBouncer's console
 * speaks too. The connection is closed when the signal is aborted.
 *
 * @throws the signal's reason, or UnavailableError `database-refused`.
 */
export async function queryRows(
  url: string,
  queries: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly TextRow[])[]> {
  return withClient(url, signal, async (ask) => {
    const results: (readonly TextRow[])[] = [];
    for (const query of queries) results.push(await ask(query));
    return results;
  });
}

/** Runs some work with one connection, which is closed in the end. */
export async function withClient<T>(
  url: string,
  signal: AbortSignal,
  work: (ask: (query: string) => Promise<readonly TextRow[]>) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const client = postgresClient(url, {
    connectionTimeoutMillis: CONNECT_MS,
    types: { getTypeParser: () => String },
  });
  const destroy = () => void client.connection.stream.destroy();
  // A query that waits reports the end of the connection itself.
  client.on("error", () => undefined);
  signal.addEventListener("abort", destroy, { once: true });
  try {
    await client.connect().catch((error: unknown) => {
      throw noAnswer(url, error);
    });
    return await work(async (query) => (await client.query<TextRow>(query)).rows);
  } catch (error) {
    throw signal.aborted ? signal.reason : refusal(url, error);
  } finally {
    signal.removeEventListener("abort", destroy);
    const timer = setTimeout(destroy, GOODBYE_MS);
    await client.end().catch(() => undefined);
    clearTimeout(timer);
  }
}

/** A connection that ends within a query has no code either. */
const CUT_OFF = /^Connection terminated/;

/** What a database says when it refuses is short: `not allowed`. The line says of which one, without its password. */
function refusal(url: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UnavailableError) return error;
  return "code" in error || CUT_OFF.test(error.message) ? noAnswer(url, error) : error;
}

function noAnswer(url: string, error: unknown): UnavailableError {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  const said = message === undefined || message === "" ? String(code ?? error) : message;
  return new UnavailableError({
    code: "database-refused",
    message: `Expected ${withoutCredentials(url)} to answer, got: ${said}.`,
    nextStep: "Check the address, the login and what it may do.",
    cause: error,
  });
}

/**
 * The number in a column. A column that is not there, as of another version, is no zero.
 *
 * @throws Error when there is no number.
 */
export function numberIn(row: TextRow | undefined, column: string): number {
  const text = row?.[column] ?? "";
  const value = Number(text);
  if (text !== "" && Number.isFinite(value)) return value;
  throw new Error(`Expected a number in the column ${column}, got ${JSON.stringify(row?.[column] ?? null)}.`);
}

/** Rows as tab-separated values with a header; empty without rows. */
export function toTsv(rows: readonly TextRow[]): string {
  const [first] = rows;
  if (first === undefined) return "";
  const columns = Object.keys(first);
  const line = (values: readonly (string | null)[]) =>
    values.map((value) => (value ?? "").replaceAll(/[\t\n\r]/g, " ")).join("\t");
  return `${[line(columns), ...rows.map((row) => line(columns.map((name) => row[name] ?? null)))].join("\n")}\n`;
}
