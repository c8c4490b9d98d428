import type { SparkConfig } from "../config.ts";
import { Database } from "../database/database.ts";
import { messageOf } from "../errors.ts";
import { BinanceFeed, type FeedOptions } from "../feeds/binance-feed.ts";
import { BtcturkFeed } from "../feeds/btcturk-feed.ts";
import type { Feed } from "../feeds/feed.ts";
import { QuoteFeed } from "../feeds/quote-feed.ts";
import type { Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { IdempotencyKeys } from "../orders/idempotency.ts";
import { Ledger } from "../orders/ledger.ts";
import { leaseMsOf, PlaceOrder } from "../orders/place-order.ts";
import { Reconciler } from "../orders/reconciler.ts";
import { RestoreRecovery } from "../orders/restore-recovery.ts";
import { BinanceRest } from "../venues/binance-rest.ts";
import { BtcturkRest } from "../venues/btcturk-rest.ts";
import type { FeedName, Venue, VenueName } from "../venues/venue.ts";
import { VenueLink } from "../venues/venue-link.ts";
import { refreshDatabaseGauges } from "./database-gauges.ts";
import { KillSwitch } from "./kill-switch.ts";
import { runLoop } from "./loop.ts";
import { dispatchBatch } from "./outbox-dispatcher.ts";
import { QuoteBoard } from "./quote-board.ts";

const RECONCILE_EVERY_MS = 100;
const WATCH_TIMELINE_EVERY_MS = 100;
const DISPATCH_EVERY_MS = 100;
const GAUGES_EVERY_MS = 250;
const KILL_SWITCH_EVERY_MS = 500;
const LATE_KILL_SWITCH_EVERY_MS = 60_000;

/**
 * Everything in the platform that has state: pool, feeds, caches, loops, switches. A reset stops one instance
 * and creates another, so that no old state is kept.
 */
export interface PlatformInstance {
  readonly database: Database;
  readonly feeds: Readonly<Record<FeedName, Feed>>;
  readonly venues: Readonly<Record<VenueName, Venue>>;
  readonly ledger: Ledger;
  readonly recovery: RestoreRecovery;
  readonly placeOrder: PlaceOrder;
  readonly killSwitch: KillSwitch;
  readonly quotes: QuoteBoard;
  /** Ends the instance: from this call on, nothing of it writes any more. */
  stop(): void;
}

/** Starts an instance. It connects in the background: neither the database nor the venues have to be up. */
export function startInstance(config: SparkConfig, metrics: Metrics, log: Logger): PlatformInstance {
  const ending = new AbortController();
  const { signal } = ending;
  const { defects } = config;
  const database = new Database({
    ...config.database,
    defects,
    onIdleError: (error) => log.warn({ error: messageOf(error) }, "a database connection broke"),
  });
  const link = (venue: VenueName) =>
    new VenueLink({ venue, config: config[venue], timeoutMs: config.orderTimeoutMs, metrics });
  const links = { binance: link("binance"), btcturk: link("btcturk") };
  const venues = { binance: new BinanceRest(links.binance), btcturk: new BtcturkRest(links.btcturk) };
  const quotes = new QuoteBoard();
  const feeds = openFeeds(config, metrics, log, quotes, links.binance);
  const killSwitch = new KillSwitch({
    ...{ database, metrics, log, defects },
    release: config.release,
    arm: config.arm,
  });
  const ledger = new Ledger({ database, metrics, defects, followIntervalMs: config.followIntervalMs });
  const reconciler = new Reconciler({
    database,
    ledger,
    venues,
    metrics,
    log,
    unknownGraceMs: config.unknownGraceMs,
    intervalMs: config.followIntervalMs,
    signal,
  });
  const recovery = new RestoreRecovery({
    ...{ database, ledger, venues, metrics, log, defects },
    symbols: { binance: config.binance.symbols, btcturk: config.btcturk.symbols },
  });
  const placeOrder = new PlaceOrder({
    ...{ config, metrics, log, database, recovery },
    keys: new IdempotencyKeys(database, leaseMsOf(config), defects),
    ledger,
    venues,
    market: (venue, symbol) => ({
      quote: feeds[venue].quote(symbol),
      stalenessMs: feeds[venue].stalenessOf(symbol),
    }),
    mayExecute: async () => defects.has("deaf-kill-switch") || (await killSwitch.mayExecute()), // DEFECT deaf-kill-switch
    abandon: (orderId) => reconciler.adopt(orderId),
    signal,
  });

  const loop = (name: string, intervalMs: number, round: () => Promise<unknown>): void => {
    const work = async (): Promise<void> => {
      await round();
    };
    void runLoop({ name, intervalMs, round: work, signal, log });
  };
  loop("timeline", WATCH_TIMELINE_EVERY_MS, () => recovery.watch());
  loop("reconcile", RECONCILE_EVERY_MS, () => reconciler.settleDue());
  loop("follow", config.followIntervalMs, () => reconciler.followOpen());
  loop("outbox", DISPATCH_EVERY_MS, () =>
    dispatchBatch(database, (event) => log.debug({ event }, "event dispatched"), metrics, defects),
  );
  loop("gauges", GAUGES_EVERY_MS, () => refreshDatabaseGauges(database, metrics));
  const isLate = defects.has("late-kill-switch");
  const killSwitchEveryMs = isLate ? LATE_KILL_SWITCH_EVERY_MS : KILL_SWITCH_EVERY_MS; // DEFECT late-kill-switch
  loop("kill-switch", killSwitchEveryMs, () => killSwitch.refresh());

  const stop = (): void => {
    ending.abort();
    database.end();
    for (const feed of Object.values(feeds)) feed.stop();
    quotes.stop();
    for (const each of Object.values(links)) each.close();
  };
  return { database, feeds, venues, ledger, recovery, placeOrder, killSwitch, quotes, stop };
}

function openFeeds(
  config: SparkConfig,
  metrics: Metrics,
  log: Logger,
  quotes: QuoteBoard,
  binance: VenueLink,
): Record<FeedName, Feed> {
  const options = (feed: FeedName): FeedOptions => ({
    webSocketUrl: config[feed].webSocketUrl,
    symbols: config[feed].symbols,
    staleAfterMs: config.staleAfterMs,
    metrics,
    log,
    defects: config.defects,
    onQuote: (quote) => quotes.publish(quote),
  });
  return {
    binance: new BinanceFeed(options("binance"), binance),
    btcturk: new BtcturkFeed(options("btcturk")),
    bist: new QuoteFeed("bist", options("bist")),
  };
}
