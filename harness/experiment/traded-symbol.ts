/** The symbol of the load's orders and queries. */
export const TRADED_SYMBOL = "BTCUSDT";
