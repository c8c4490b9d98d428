/** The source of the market data in the lab. */
export type Market = { readonly kind: "recording"; readonly path: string } | { readonly kind: "synthetic" };

/** For display: `recording btcusdt_20240808.gz`. */
export function describeMarket(market: Market): string {
  if (market.kind === "synthetic") return "synthetic, from the seed";
  return `recording ${market.path.split("/").at(-1)}`;
}
