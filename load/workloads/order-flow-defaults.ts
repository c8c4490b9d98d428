/**
 * What clients do unless a plan says otherwise, as relative weights. Imports nothing, since the k6 scripts run the
 * same mixes and k6 runs no Node modules.
 */
export const DEFAULT_MIX = { place: 40, query: 25, positions: 15, cancel: 15, quote: 5 };
/** How orders meet the market. */
export const DEFAULT_STYLES = { nearTouch: 50, marketable: 30, market: 20 };
export const DEFAULT_VENUES = { binance: 70, btcturk: 30 };
