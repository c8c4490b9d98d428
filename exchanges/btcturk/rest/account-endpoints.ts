import type { HttpReply } from "../../http/http-server.ts";
import { formatUnits } from "../../market/units.ts";
import { ASSETS, btcturkPair } from "../btcturk-pairs.ts";
import { transactionView } from "../order-view.ts";
import {
  type BtcturkContext,
  type BtcturkEndpoint,
  type BtcturkParameters,
  success,
  wholeOf,
} from "./context.ts";

/**
 * Endpoints with which an account queries itself. Deposits and withdrawals were formerly requested with POST.
 */
export const ACCOUNT_ENDPOINTS: Readonly<Record<string, BtcturkEndpoint>> = {
  "GET /api/v1/users/balances": { access: "private", answer: balances },
  "GET /api/v1/users/transactions/trade": { access: "private", answer: tradeTransactions },
  "GET /api/v1/users/transactions/crypto": { access: "private", answer: cryptoTransactions },
  "POST /api/v1/users/transactions/crypto": { access: "private", answer: cryptoTransactions },
  "GET /api/v1/users/transactions/fiat": { access: "private", answer: fiatTransactions },
  "POST /api/v1/users/transactions/fiat": { access: "private", answer: fiatTransactions },
};

const FIAT = "TRY";
const THIRTY_DAYS_MS = 30 * 86_400_000;

function balances({ engine }: BtcturkContext): HttpReply {
  return success(
    engine.ledger.balances.map(({ asset, free, locked }) => {
      const known = ASSETS.find(({ symbol }) => symbol === asset);
      return {
        asset,
        assetname: known?.name ?? asset,
        balance: formatUnits(free + locked),
        locked: formatUnits(locked),
        free: formatUnits(free),
        orderFund: formatUnits(locked),
        requestFund: "0",
        precision: known?.precision ?? 8,
      };
    }),
  );
}

/** The account's fills, newest first: of the last 30 days, unless the request says otherwise. */
function tradeTransactions(context: BtcturkContext, { query }: BtcturkParameters): HttpReply {
  const { engine, clock, lateFills, misbehaviors } = context;
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
  return success(lateFills.visible(found, misbehaviors).toReversed().map(transactionView));
}

function cryptoTransactions(context: BtcturkContext, parameters: BtcturkParameters): HttpReply {
  return success(deposits(context, parameters).filter(({ currencySymbol }) => currencySymbol !== FIAT));
}

function fiatTransactions(context: BtcturkContext, parameters: BtcturkParameters): HttpReply {
  return success(deposits(context, parameters).filter(({ currencySymbol }) => currencySymbol === FIAT));
}

/** The initial balances, shown as deposits; there are no withdrawals. */
function deposits({ engine, openedAtMs }: BtcturkContext, { query, body }: BtcturkParameters) {
  const kinds = [...listOf(query, "type"), ...listIn(body.type), ...listIn(body.balanceTypes)];
  const symbols = [...listOf(query, "symbol"), ...listIn(body.symbol), ...listIn(body.currencySymbols)];
  const wanted = symbols.map((symbol) => symbol.toUpperCase());
  if (kinds.length > 0 && !kinds.includes("deposit")) return [];
  return engine.ledger.balances
    .filter(({ asset, initial }) => initial > 0n && (wanted.length === 0 || wanted.includes(asset)))
    .map(({ asset, initial }, index) => ({
      balanceType: "deposit",
      currencySymbol: asset,
      id: index + 1,
      timestamp: openedAtMs,
      funds: formatUnits(initial),
      amount: formatUnits(initial),
      fee: "0",
      tax: "0",
      isConfirmed: true,
    }));
}

/** A list parameter, written `type=buy&type=sell` or `type[]=buy`. */
function listOf(query: URLSearchParams, name: string): string[] {
  return [...query.getAll(name), ...query.getAll(`${name}[]`)];
}

function listIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
