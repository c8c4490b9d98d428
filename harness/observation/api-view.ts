import { z } from "zod";
import type { Operation } from "../../load/index.ts";
import { requestHttp } from "../../network/index.ts";
import type { Ledger } from "./ledger.ts";

const REQUEST_TIMEOUT_MS = 5_000;
/**
 * At most this many orders are read, newest first. A defect that affects one order in a hundred appears
 * in one of them on average.
 */
const MAX_ORDERS = 100;
const AT_ONCE = 8;

const amount = z
  .string("expected decimal text, not a number")
  .regex(/^-?\d+(\.\d+)?$/, "expected decimal text");
const orderSchema = z.object({
  id: z.string(),
  symbol: z.string(),
  side: z.string(),
  status: z.string(),
  executedQuantity: amount,
  /** The cost of the executions; a platform may omit it. */
  executedQuote: amount.optional(),
});
const positionsSchema = z.object({ positions: z.array(z.object({ symbol: z.string(), quantity: amount })) });

/** An answer of the platform's API, or why it could not be read. */
export type Answered<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unreadable"; readonly why: string };

export type ApiOrder = z.infer<typeof orderSchema>;
export type ApiPositions = z.infer<typeof positionsSchema>["positions"];

/** What the platform's API returns about orders and positions after everything has stopped. */
export interface ApiView {
  /** By the id that clients received. */
  readonly orders: ReadonlyMap<string, Answered<ApiOrder>>;
  /** By account. */
  readonly positions: ReadonlyMap<string, Answered<ApiPositions>>;
}

export const EMPTY_API_VIEW: ApiView = { orders: new Map(), positions: new Map() };

/**
 * Reads what the API at `baseUrl` returns about the orders that clients know, and about
 * each account's positions.
 */
export async function readApiView(
  baseUrl: string,
  ledger: Ledger,
  operations: readonly Operation[],
): Promise<ApiView> {
  const known = new Set(
    operations.flatMap(({ kind, orderId }) => (kind === "place" && orderId !== null ? [orderId] : [])),
  );
  const accounts = [...new Set(ledger.positions.map(({ account_id }) => account_id))];
  // A platform with one account may have no parameter for accounts.
  const positionsPath = (account: string) =>
    accounts.length === 1 ? "/api/positions" : `/api/positions?accountId=${encodeURIComponent(account)}`;
  const orders = await readAll([...known].slice(-MAX_ORDERS), (id) =>
    read(`${baseUrl}/api/orders/${encodeURIComponent(id)}`, orderSchema),
  );
  const positions = await readAll(accounts, async (account) => {
    const answer = await read(`${baseUrl}${positionsPath(account)}`, positionsSchema);
    return answer.kind === "read" ? { kind: "read" as const, value: answer.value.positions } : answer;
  });
  return { orders, positions };
}

async function readAll<T>(
  keys: readonly string[],
  readOne: (key: string) => Promise<T>,
): Promise<Map<string, T>> {
  const answers = new Map<string, T>();
  const queue = keys.values();
  const work = async (): Promise<void> => {
    for (const key of queue) answers.set(key, await readOne(key));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

async function read<T>(url: string, schema: z.ZodType<T>): Promise<Answered<T>> {
  try {
    const { ok, status, text } = await requestHttp(url, { deadlineMs: REQUEST_TIMEOUT_MS });
    if (!ok) return { kind: "unreadable", why: `HTTP ${status}` };
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return { kind: "read", value: parsed.data };
    return { kind: "unreadable", why: z.prettifyError(parsed.error).replaceAll("\n", " ") };
  } catch (error) {
    return { kind: "unreadable", why: String(error).slice(0, 200) };
  }
}
