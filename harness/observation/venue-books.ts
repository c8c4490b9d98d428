import { z } from "zod";
import { UnavailableError } from "../../core/index.ts";
import { requestHttp, withoutCredentials } from "../../network/index.ts";
import type { TradingVenueName } from "../../venues/index.ts";

const REQUEST_TIMEOUT_MS = 5_000;

const amount = z.string().regex(/^-?\d+(\.\d+)?$/);
const identifier = z.union([z.string(), z.number()]).transform(String);

const orderSchema = z.object({
  orderId: identifier,
  clientOrderId: z.string(),
  symbol: z.string(),
  side: z.string().toLowerCase(),
  status: z.string(),
  /** Null for a market order. */
  price: amount.nullable(),
  quantity: amount,
  executedQuantity: amount,
  /** On the epoch clock. */
  acceptedAtMs: z.number(),
});

const tradeSchema = z.object({
  tradeId: identifier,
  orderId: identifier,
  clientOrderId: z.string(),
  symbol: z.string(),
  side: z.string().toLowerCase(),
  price: amount,
  quantity: amount,
  cost: amount,
  fee: amount,
  feeAsset: z.string(),
  /** On the epoch clock. */
  atMs: z.number(),
});

const balanceSchema = z.object({ asset: z.string(), initial: amount, free: amount, locked: amount });

const bestSchema = z.object({ bid: amount, ask: amount });
const bookSchema = z.object({ ...bestSchema.shape, symbol: z.string(), recent: z.array(bestSchema) });

const silenceSchema = z.object({ symbol: z.string(), startedAtMs: z.number(), endedAtMs: z.number() });

/** A time of at least a second in which the market gave no event of a symbol. On the epoch clock. */
export type MarketSilence = z.infer<typeof silenceSchema>;

/** The best prices of a symbol at the venues, and the recent ones that feeds may still publish. */
export type BestPrices = z.infer<typeof bookSchema>;

export type VenueOrder = z.infer<typeof orderSchema>;
export type VenueTrade = z.infer<typeof tradeSchema>;
type VenueBalance = z.infer<typeof balanceSchema>;

/** The books of a venue, from the stub itself. Amounts are exact decimal texts. */
export interface VenueBooks {
  readonly venue: TradingVenueName;
  readonly orders: readonly VenueOrder[];
  readonly trades: readonly VenueTrade[];
  readonly balances: readonly VenueBalance[];
}

/**
 * Reads a venue's trades alone.
 *
 * @throws UnavailableError `venue-books-unreadable`.
 */
export function readVenueTrades(controlUrl: string, venue: TradingVenueName): Promise<readonly VenueTrade[]> {
  return readList(`${controlUrl}/venues/${venue}/trades`, tradeSchema);
}

/**
 * Reads a venue's books from the stubs' control API.
 *
 * @throws UnavailableError `venue-books-unreadable` when it does not answer, or in another shape.
 */
export async function readVenueBooks(controlUrl: string, venue: TradingVenueName): Promise<VenueBooks> {
  const at = `${controlUrl}/venues/${venue}`;
  const [orders, trades, balances] = await Promise.all([
    readList(`${at}/orders`, orderSchema),
    readVenueTrades(controlUrl, venue),
    readList(`${at}/balances`, balanceSchema),
  ]);
  return { venue, orders, trades, balances };
}

/**
 * Reads the best prices of each symbol from the stubs' control API; all venues have the same.
 *
 * @throws UnavailableError `venue-books-unreadable` when it does not answer, or in another shape.
 */
export function readBestPrices(controlUrl: string): Promise<readonly BestPrices[]> {
  return readList(`${controlUrl}/books`, bookSchema);
}

async function readList<T>(url: string, schema: z.ZodType<T>): Promise<readonly T[]> {
  try {
    const { text } = await requestHttp(url, { deadlineMs: REQUEST_TIMEOUT_MS });
    return z.array(schema).parse(JSON.parse(text));
  } catch (error) {
    throw new UnavailableError({
      code: "venue-books-unreadable",
      message: `Expected the stubs' account from ${withoutCredentials(url)}, got: ${String(error).slice(0, 300)}.`,
      nextStep: "See the log of the exchanges process.",
      cause: error,
    });
  }
}

/**
 * Reads when the market itself gave no event of a symbol, whatever the venues' misbehaviors and links made of it.
 *
 * @throws UnavailableError `venue-books-unreadable` when the stubs do not answer, or in another shape.
 */
export function readMarketSilences(controlUrl: string): Promise<readonly MarketSilence[]> {
  return readList(`${controlUrl}/silences`, silenceSchema);
}

/** Halts or continues the market's tape, so that books can be compared while nothing changes. */
export async function setMarketPaused(controlUrl: string, paused: boolean): Promise<void> {
  const url = `${controlUrl}/${paused ? "pause" : "resume"}`;
  const { ok, status } = await requestHttp(url, { method: "POST", deadlineMs: REQUEST_TIMEOUT_MS });
  if (ok) return;
  throw new UnavailableError({
    code: "market-not-paused",
    message: `Expected POST ${withoutCredentials(url)} to answer 2xx, got ${status}.`,
    nextStep: "See the log of the exchanges process.",
  });
}
