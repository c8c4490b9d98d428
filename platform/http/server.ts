import webSocket from "@fastify/websocket";
import { type FastifyError, type FastifyInstance, type FastifyReply, fastify } from "fastify";
import { ZodError } from "zod";
import { DatabaseUnavailableError, messageOf } from "../errors.ts";
import { computeForNothing } from "../runtime/planted-work.ts";
import type { HttpContext } from "./context.ts";
import { addMarketRoutes } from "./market-routes.ts";
import { addOrderRoutes } from "./order-routes.ts";
import { addPageGuard } from "./page-guard.ts";
import { addPages } from "./pages.ts";
import { addPlantedAnswers } from "./planted-answers.ts";
import { QuoteSockets } from "./quote-socket.ts";
import { addRequestMetrics } from "./request-metrics.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { addToolRoutes } from "./tool-routes.ts";

const BODY_LIMIT_BYTES = 64 * 1024;
/** What the defect `slow-leak` retains of each request. */
const LEAK_BYTES = 32 * 1024;

/** The HTTP server with all its routes and quote sockets, not yet listening. */
export async function buildServer(
  context: HttpContext,
): Promise<{ readonly server: FastifyInstance; readonly sockets: QuoteSockets }> {
  const server = fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  addRequestMetrics(server, context.metrics, context.config.defects);
  server.addHook("onRequest", async (_request, reply) => setSecurityHeaders(reply));
  addPageGuard(server);
  server.addContentTypeParser(
    ["application/csp-report", "application/reports+json"],
    { parseAs: "string" },
    server.getDefaultJsonParser("error", "error"),
  );
  server.setErrorHandler((error: FastifyError, _request, reply) => sendError(error, reply, context));
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: "not_found" }));
  if (context.config.defects.has("slow-leak")) {
    const kept: Buffer[] = [];
    server.addHook("onRequest", async () => void kept.push(Buffer.alloc(LEAK_BYTES, 1))); // DEFECT slow-leak
  }
  if (context.config.defects.has("costly-request")) {
    server.addHook("onRequest", async () => computeForNothing()); // DEFECT costly-request
  }
  addPlantedAnswers(server, context.config.defects);
  await server.register(webSocket, { options: { maxPayload: BODY_LIMIT_BYTES } });
  const sockets = new QuoteSockets(context);
  addOrderRoutes(server, context);
  addMarketRoutes(server, context);
  addToolRoutes(server, context);
  addPages(server, context);
  sockets.addTo(server);
  return { server, sockets };
}

function sendError(error: FastifyError, reply: FastifyReply, context: HttpContext): FastifyReply {
  if (error instanceof ZodError) {
    const faults = error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
    return reply.code(400).send({ error: "invalid_request", faults });
  }
  if (error instanceof DatabaseUnavailableError || error.name === "AbortError") {
    context.log.warn({ error: messageOf(error) }, "a request found no database");
    return reply.code(503).header("retry-after", "1").send({ error: "database_unavailable" });
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return reply.code(error.statusCode).send({ error: "invalid_request", message: error.message });
  }
  context.log.error({ error: messageOf(error), stack: error.stack }, "a request failed");
  return reply.code(500).send({ error: "internal" });
}
