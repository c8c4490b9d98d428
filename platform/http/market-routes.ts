import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { RecoveringError } from "../orders/restore-recovery.ts";
import { FEEDS } from "../venues/venue.ts";
import type { HttpContext } from "./context.ts";

const quotePath = z.object({ venue: z.enum(FEEDS), symbol: z.string().max(20) });

/** Quotes, health, metrics and feature flags. */
export function addMarketRoutes(server: FastifyInstance, context: HttpContext): void {
  server.get("/api/quotes/:venue/:symbol", async (request, reply) => {
    const { venue, symbol } = quotePath.parse(request.params);
    const feed = context.instance().feeds[venue];
    const quote = feed.quote(symbol);
    if (quote !== undefined) return { ...quote, stalenessSeconds: seconds(feed.stalenessOf(symbol)) };
    const known = context.config[venue].symbols.includes(symbol);
    if (!known) return reply.code(404).send({ error: "unknown_symbol" });
    return reply.code(503).header("retry-after", "1").send({ error: "book_not_synced" });
  });

  server.get("/api/healthz", async (_request, reply) => {
    const { recovery, feeds } = context.instance();
    const health = Object.fromEntries(
      FEEDS.map((name) => [
        name,
        { synced: feeds[name].synced, stalenessSeconds: seconds(feeds[name].stalenessMs) },
      ]),
    );
    try {
      await recovery.requireNow();
      return { status: "ok", release: context.config.release, database: "up", feeds: health };
    } catch (error) {
      context.log.debug({ error }, "the health check found the database down");
      return reply.code(503).send({
        status: "unavailable",
        release: context.config.release,
        database: error instanceof RecoveringError ? "recovering" : "down",
        feeds: health,
      });
    }
  });

  server.get("/api/features/status", async () => {
    const { killSwitch } = context.instance();
    return { release: context.config.release, execution: { enabled: killSwitch.executionEnabled } };
  });

  server.get("/metrics", async (_request, reply) => {
    const { metrics } = context;
    const { database, feeds } = context.instance();
    for (const feed of FEEDS) {
      metrics.feedStaleness.set({ feed }, feeds[feed].stalenessMs / 1_000);
      metrics.feedConnected.set({ feed }, feeds[feed].connected ? 1 : 0);
    }
    metrics.poolConnections.set({ state: "active" }, database.state.active);
    metrics.poolConnections.set({ state: "idle" }, database.state.idle);
    metrics.poolWaiting.set(database.state.waitingRequests);
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

const seconds = (durationMs: number): number => Math.round(durationMs) / 1_000;
