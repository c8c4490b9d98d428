/**
 * The default mix of operations, as relative weights. This file imports only plain data, since the k6 scripts
 * run the same mixes and k6 runs no Node modules; the orders' shares of each venue come from the table of
 * venues.
 */
export const DEFAULT_MIX = { place: 40, query: 25, positions: 15, cancel: 15, quote: 5 };
/** The default mix of order styles. */
export const DEFAULT_STYLES = { nearTouch: 50, marketable: 30, market: 20 };
