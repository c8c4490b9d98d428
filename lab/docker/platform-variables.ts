import { LINK_NAMES, type LinkName } from "../links.ts";
import { DATABASE } from "../local/postgres.ts";
import { PORTS } from "./ports.ts";

/** What every platform in containers is given; the venues' keys are those that the stubs take by default. */
export function platformVariables(): Readonly<Record<string, string>> {
  const link = (name: LinkName) => `proxy:${PORTS.firstLink + LINK_NAMES.indexOf(name)}`;
  return {
    HOST: "0.0.0.0",
    PORT: String(PORTS.platform),
    DATABASE_URL: `postgresql://spark@${link("pgbouncer")}/${DATABASE}`,
    BINANCE_REST_URL: `http://${link("binance-rest")}`,
    BINANCE_WS_URL: `ws://${link("binance-ws")}`,
    BINANCE_API_KEY: "kanit-binance-key",
    BINANCE_API_SECRET: "kanit-binance-secret",
    BTCTURK_REST_URL: `http://${link("btcturk-rest")}`,
    BTCTURK_WS_URL: `ws://${link("btcturk-ws")}`,
    BTCTURK_PUBLIC_KEY: "kanit-btcturk-key",
    BTCTURK_PRIVATE_KEY: "a2FuaXQtYnRjdHVyay1zZWNyZXQ=",
    BIST_WS_URL: `ws://${link("bist-ws")}`,
  };
}
