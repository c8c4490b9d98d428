import { basename } from "node:path";
import { UsageError } from "../core/index.ts";
import type { PlatformDefinition } from "../definition/index.ts";
import { TRADING_VENUE_NAMES, VENUES } from "../venues/index.ts";

/** The source of the market data in the lab. */
export type Market =
  | { readonly kind: "synthetic" }
  | {
      readonly kind: "recording";
      /** Recordings, and folders of them, that are played together. */
      readonly paths: readonly string[];
      /** Depth snapshots, or the recordings before, for recordings that have none. */
      readonly snapshots: readonly string[];
      /** What the recordings are of, as far as the venues list it. */
      readonly symbols: readonly string[];
    };

const SYNTHETIC_SYMBOLS: readonly string[] = VENUES.filter(({ name }) =>
  TRADING_VENUE_NAMES.some((trading) => trading === name),
).flatMap(({ symbols }) => symbols);

/** For display: `recording btcusdt_20240808.gz`. */
export function describeMarket(market: Market): string {
  if (market.kind === "synthetic") return "synthetic, from the seed";
  return `recording ${market.paths.map((path) => basename(path)).join(", ")}`;
}

/** What decides which symbols are traded in a lab. */
export interface TradedBy {
  readonly platform: PlatformDefinition;
  readonly market: Market;
  readonly platformEnvironment: Readonly<Record<string, string>>;
}

/**
 * The symbols that the platform trades in a lab; the load trades the first. Those of the recording, for a platform that
 * takes its symbols by a variable which nobody has set; otherwise its own.
 *
 * @throws UsageError `market-without-symbol` when the market has not all of them.
 */
export function tradedSymbols({
  platform,
  market,
  platformEnvironment,
}: TradedBy): readonly [string, ...string[]] {
  const { symbols } = platform;
  const available = market.kind === "synthetic" ? SYNTHETIC_SYMBOLS : market.symbols;
  const variables = { ...platform.environment, ...platformEnvironment };
  const set =
    "variable" in symbols ? variables[symbols.variable]?.split(",").map((name) => name.trim()) : symbols;
  const [first, ...others] = set ?? (market.kind === "synthetic" ? SYNTHETIC_SYMBOLS.slice(0, 1) : available);
  const traded = [first ?? "", ...others] as const;
  const missing = traded.filter((symbol) => !available.includes(symbol));
  if (missing.length === 0) return traded;
  throw new UsageError({
    code: "market-without-symbol",
    message: `Expected the market to have ${missing.join(", ")}, which the platform ${platform.name} trades, got ${available.join(", ")}.`,
    nextStep:
      "Use a recording of them, `--tape synthetic`, or a platform that takes its symbols by a variable.",
  });
}

/** The platform's variable for its symbols; none for a platform whose symbols are its own. */
export function symbolVariables(by: TradedBy): Readonly<Record<string, string>> {
  const { symbols } = by.platform;
  return "variable" in symbols ? { [symbols.variable]: tradedSymbols(by).join(",") } : {};
}
