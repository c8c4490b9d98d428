import { z } from "zod";
import {
  type Answer,
  type ApiDefinition,
  askOnce,
  type PlacedOrder,
  type PlatformApi,
} from "../../api/index.ts";
import type { Operation } from "../../load/index.ts";
import type { Ledger } from "./ledger.ts";

/**
 * At most this many orders are read, newest first. A defect that affects one order in a hundred appears
 * in one of them on average.
 */
const MAX_ORDERS = 100;
const AT_ONCE = 8;

const amount = z
  .string("expected decimal text, not a number")
  .regex(/^-?\d+(\.\d+)?$/, "expected decimal text");
const orderShape = { symbol: z.string(), side: z.string(), status: z.string(), executedQuantity: amount };
/** Of an order that is shown, whatever the definition maps is compared. */
const orderSchema = z.object({
  ...orderShape,
  symbol: orderShape.symbol.optional(),
  side: orderShape.side.optional(),
  executedQuantity: orderShape.executedQuantity.optional(),
  /** The cost of the executions; a platform may omit it. */
  executedQuote: amount.optional(),
});
const position = z.object({ symbol: z.string(), quantity: amount });
const positionsSchema = z.array(position);

/** An answer of the platform's API, or why it could not be read. */
export type Answered<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unreadable"; readonly why: string }
  /** None came in time. */
  | { readonly kind: "unanswered"; readonly why: string };

export type ApiOrder = z.infer<typeof orderSchema>;
export type ApiPositions = z.infer<typeof positionsSchema>;

/** What the platform's API returns about orders and positions after everything has stopped. */
export interface ApiView {
  /** By the id that clients received. */
  readonly orders: ReadonlyMap<string, Answered<ApiOrder>>;
  /** By account. */
  readonly positions: ReadonlyMap<string, Answered<ApiPositions>>;
}

export const EMPTY_API_VIEW: ApiView = { orders: new Map(), positions: new Map() };

/** Reads what a platform's API returns about the orders that clients know, and about each account's positions. */
export async function readApiView(
  api: Pick<PlatformApi, "ask" | "questions">,
  definition: ApiDefinition,
  ledger: Ledger,
  operations: readonly Operation[],
): Promise<ApiView> {
  const known = new Map(
    operations.flatMap((operation) => placedBy(operation).map((order) => [order.id, order])),
  );
  const schema = orderSchemaFor(definition);
  const newest = [...known.values()].slice(-MAX_ORDERS);
  const orders = await readAll(newest, async (placed) =>
    read(await askOnce(api, { kind: "query", placed }), ({ said }) => schema.safeParse(said)),
  );
  const positions = await readAll(accountsToAsk(api, definition, ledger), async ({ account }) =>
    read(await askOnce(api, { kind: "positions", account }), ({ said }) =>
      positionsSchema.safeParse(listOf(said.positions)),
    ),
  );
  return { orders, positions };
}

function placedBy({ kind, orderId, idempotencyKey, request }: Operation): readonly PlacedOrder[] {
  const { order } = request;
  const isPlaced = kind === "place" && orderId !== null && order !== null;
  return isPlaced ? [{ id: orderId, key: idempotencyKey ?? "", order }] : [];
}

/** What the definition maps field by field must be in each answer. */
function orderSchemaFor(definition: ApiDefinition): typeof orderSchema {
  if (definition.driver !== null) return orderSchema;
  const { query } = definition;
  const mapped = typeof query.answer === "string" ? [] : Object.keys(query.answer);
  const required = Object.entries(orderShape).filter(([name]) => mapped.includes(name));
  return orderSchema.extend(Object.fromEntries(required)) as unknown as typeof orderSchema;
}

interface AskedAccount {
  /** As the books have it. */
  readonly id: string;
  /** Null: a platform with one account may have no parameter for accounts. */
  readonly account: string | null;
}

function accountsToAsk(
  { questions }: Pick<PlatformApi, "questions">,
  definition: ApiDefinition,
  { positions }: Ledger,
): readonly AskedAccount[] {
  if (!questions.has("positions")) return [];
  const ids = [...new Set(positions.map(({ account_id }) => account_id))];
  if (ids.length === 1) return ids.map((id) => ({ id, account: null }));
  return definition.accounts ? ids.map((id) => ({ id, account: id })) : [];
}

async function readAll<Key extends { readonly id: string }, T>(
  keys: readonly Key[],
  readOne: (key: Key) => Promise<T>,
): Promise<Map<string, T>> {
  const answers = new Map<string, T>();
  const queue = keys.values();
  const work = async (): Promise<void> => {
    for (const key of queue) answers.set(key.id, await readOne(key));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

/** To JSONata a list of one is the same as its element. */
function listOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? [value] : value;
}

function read<T>(answer: Answer, parse: (answer: Answer) => z.ZodSafeParseResult<T>): Answered<T> {
  const { outcome, httpStatus, error, unreadable } = answer;
  if (unreadable !== null) return { kind: "unreadable", why: unreadable };
  if (outcome === "unknown" && httpStatus === null) return { kind: "unanswered", why: String(error) };
  if (outcome !== "succeeded") {
    return { kind: "unreadable", why: httpStatus === null ? String(error) : `HTTP ${httpStatus}` };
  }
  const parsed = parse(answer);
  if (parsed.success) return { kind: "read", value: parsed.data };
  return { kind: "unreadable", why: z.prettifyError(parsed.error).replaceAll("\n", " ") };
}
