import type { HttpReply } from "../../http/http-server.ts";
import { formatUnits } from "../../market/units.ts";
import { btcturkPair } from "../btcturk-pairs.ts";
import { transactionView } from "../order-view.ts";
import { type BtcturkDesk, type BtcturkEndpoint, type BtcturkParameters, success, wholeOf } from "./desk.ts";

/** What an account may ask about itself. */
export const ACCOUNT_ENDPOINTS: Readonly<Record<string, BtcturkEndpoint>> = {
  "GET /api/v1/users/balances": { access: "private", answer: balances },
  "GET /api/v1/users/transactions/trade": { access: "private", answer: tradeTransactions },
};

const ASSET_NAMES: Readonly<Record<string, string>> = {
  TRY: "Türk Lirası",
  USDT: "Tether",
  BTC: "Bitcoin",
  ETH: "Ethereum",
};
const THIRTY_DAYS_MS = 30 * 86_400_000;

function balances({ engine }: BtcturkDesk): HttpReply {
  return success(
    engine.ledger.balances.map(({ asset, free, locked }) => ({
      asset,
      assetname: ASSET_NAMES[asset] ?? asset,
      balance: formatUnits(free + locked),
      locked: formatUnits(locked),
      free: formatUnits(free),
      orderFund: formatUnits(locked),
      requestFund: "0",
      precision: asset === "TRY" ? 2 : 8,
    })),
  );
}

/** The account's fills, newest first: of the last 30 days, unless the request says otherwise. */
function tradeTransactions({ engine, clock }: BtcturkDesk, { query }: BtcturkParameters): HttpReply {
  const sides = listOf(query, "type");
  const assets = listOf(query, "symbol").map((asset) => asset.toUpperCase());
  const startMs = wholeOf(query, "startDate", clock.nowMs() - THIRTY_DAYS_MS);
  const endMs = wholeOf(query, "endDate", Number.MAX_SAFE_INTEGER);
  const orderId = wholeOf(query, "orderId", 0);
  const found = engine.trades.filter(
    (trade) =>
      (sides.length === 0 || sides.includes(trade.side)) &&
      (assets.length === 0 || assets.includes(btcturkPair(trade.symbol)?.base ?? "")) &&
      (orderId === 0 || trade.orderId === orderId) &&
      trade.atMs >= startMs &&
      trade.atMs <= endMs,
  );
  return success(found.reverse().map(transactionView));
}

/** A list parameter, written `type=buy&type=sell` or `type[]=buy`. */
function listOf(query: URLSearchParams, name: string): string[] {
  return [...query.getAll(name), ...query.getAll(`${name}[]`)];
}
