import { amount, amountText } from "../money.ts";
import type { OrderReference, OrderType, Side, VenueName, VenueOrder } from "../venues/venue.ts";

/** The states of an order in the platform. PENDING: about to be sent. UNKNOWN: sent, outcome not known. */
export type OrderStatus =
  | "PENDING"
  | "ACCEPTED"
  | "PARTIALLY_FILLED"
  | "FILLED"
  | "CANCELED"
  | "REJECTED"
  | "EXPIRED"
  | "UNKNOWN";

/** States that are final once the venue has assigned an order id. */
export const FINAL_STATUSES: ReadonlySet<OrderStatus> = new Set(["FILLED", "CANCELED", "EXPIRED"]);

/** The platform's own reject codes, beside the venues' codes. */
export const NOT_SENT = "NOT_SENT";
export const NEVER_ARRIVED = "NEVER_ARRIVED";

/** An order as the client requested it. Amounts are decimal text. */
export interface OrderRequest {
  readonly accountId: string;
  readonly venue: VenueName;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: string;
  readonly price: string | null;
}

/** A row of `orders`; numeric columns arrive as text. */
export interface OrderRow {
  readonly id: string;
  readonly account_id: string;
  readonly client_order_id: string;
  readonly venue: VenueName;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: string;
  readonly price: string | null;
  readonly quote_quantity: string | null;
  readonly status: OrderStatus;
  readonly venue_order_id: string | null;
  readonly venue_executed_quantity: string;
  readonly executed_quantity: string;
  readonly executed_quote: string;
  readonly reject_code: string | null;
  readonly reject_message: string | null;
  readonly attempt: number;
  readonly next_check_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A row of `fills`. */
export interface FillRow {
  readonly venue_trade_id: string;
  readonly price: string;
  readonly quantity: string;
  readonly cost: string;
  readonly fee: string;
  readonly fee_asset: string;
  readonly executed_at: Date;
}

/** An order as the API shows it. */
export interface OrderView {
  readonly id: string;
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly venue: VenueName;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: string;
  readonly price: string | null;
  readonly status: OrderStatus;
  readonly venueOrderId: string | null;
  readonly executedQuantity: string;
  readonly executedQuote: string;
  readonly rejection: { readonly code: string; readonly message: string } | null;
  readonly fills: readonly FillView[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface FillView {
  readonly tradeId: string;
  readonly price: string;
  readonly quantity: string;
  readonly cost: string;
  readonly fee: string;
  readonly feeAsset: string;
  readonly executedAt: string;
}

/** The order with its fills, as the API returns it. */
export function viewOf(row: OrderRow, fills: readonly FillRow[]): OrderView {
  return {
    id: row.id,
    clientOrderId: row.client_order_id,
    accountId: row.account_id,
    venue: row.venue,
    symbol: row.symbol,
    side: row.side,
    type: row.type,
    quantity: plain(row.quantity),
    price: row.price === null ? null : plain(row.price),
    status: row.status,
    venueOrderId: row.venue_order_id,
    executedQuantity: plain(row.executed_quantity),
    executedQuote: plain(row.executed_quote),
    rejection:
      row.status === "REJECTED" ? { code: row.reject_code ?? "", message: row.reject_message ?? "" } : null,
    fills: fills.map((fill) => ({
      tradeId: fill.venue_trade_id,
      price: plain(fill.price),
      quantity: plain(fill.quantity),
      cost: plain(fill.cost),
      fee: plain(fill.fee),
      feeAsset: fill.fee_asset,
      executedAt: fill.executed_at.toISOString(),
    })),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** The order as it is sent to its venue. */
export function venueOrderOf(row: OrderRow): VenueOrder {
  return {
    clientOrderId: row.client_order_id,
    symbol: row.symbol,
    side: row.side,
    type: row.type,
    quantity: plain(row.quantity),
    price: row.price === null ? null : plain(row.price),
    quoteQuantity: row.quote_quantity === null ? null : plain(row.quote_quantity),
  };
}

/** What the venue needs to find the order again. */
export function referenceOf(row: OrderRow): OrderReference {
  return {
    clientOrderId: row.client_order_id,
    symbol: row.symbol,
    venueOrderId: row.venue_order_id,
    quoteQuantity: row.quote_quantity,
    createdAtMs: row.created_at.getTime(),
  };
}

/** A column's text without the trailing zeros of its scale. */
const plain = (text: string): string => amountText(amount(text));

/** Base and quote asset of a symbol such as BTCUSDT. */
export function assetsOf(symbol: string): { base: string; quote: string } {
  const quote = QUOTE_ASSETS.find((asset) => symbol.endsWith(asset) && symbol.length > asset.length) ?? "";
  return { base: symbol.slice(0, symbol.length - quote.length), quote };
}

const QUOTE_ASSETS = ["USDT", "USDC", "FDUSD", "TRY", "BTC", "ETH", "BNB", "EUR"];
