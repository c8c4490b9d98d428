import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { debuglog } from "node:util";
import { type ControlRefusal, FAULT_PROXY_GUARD, judgeControlRequest } from "../../../core/index.ts";
import type { LinkCollection } from "../link-collection.ts";
import { ApiError } from "./api-error.ts";
import type { Answer, Call, Handler } from "./call.ts";
import { findRoute, type Routes } from "./find-route.ts";
import { InputNotes } from "./input-notes.ts";
import { readBody } from "./request-body.ts";
import { ROUTES } from "./routes.ts";

const debug = debuglog("kanit-proxy");

/** The deadlines for the parts of a call, in ms. */
interface ControlDeadlines {
  /** From the connection to the end of the request's headers. */
  readonly headersMs: number;
  /** The request's body. */
  readonly bodyMs: number;
  /**
   * Executing the request. Shorter than the usual client's deadline, so that the client receives the reason.
   */
  readonly handlerMs: number;
}

const DEADLINES: ControlDeadlines = { headersMs: 5_000, bodyMs: 10_000, handlerMs: 4_000 };
/** The interval at which connections are checked for overdue requests. */
const CHECK_INTERVAL_MS = 500;

interface ControlServerOptions {
  readonly deadlines?: ControlDeadlines;
  readonly routes?: Routes;
  /** The token that clients must send; absent: every program of this machine may use the API. */
  readonly token?: string | null;
  /** Refuses what of a body has no effect, as if each client asked for it; absent: a warning in the answer. */
  readonly strict?: boolean;
}

/**
 * The control API for these links, not yet listening. Every call is answered within the deadlines, or
 * its connection is closed.
 */
export function createControlServer(links: LinkCollection, options: ControlServerOptions = {}): Server {
  const { deadlines = DEADLINES, routes = ROUTES, token = null, strict = false } = options;
  const limits = {
    headersTimeout: deadlines.headersMs,
    // The body's own deadline is earlier and answers in JSON.
    requestTimeout: 2 * (deadlines.headersMs + deadlines.bodyMs),
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, deadlines.headersMs),
  };
  const turns = new WeakMap<Socket, Promise<void>>();
  return createServer(limits, (request, response) => {
    const { socket } = request;
    // Pipelined requests are executed in order: one may depend on the one before it.
    const turn = (turns.get(socket) ?? Promise.resolve())
      .then(() => answer(request, links, { deadlines, routes, token, strict }))
      .catch((error: unknown) => toAnswer(error))
      .then((result) => send(response, result))
      .catch((error: unknown) => {
        debug("%s %s: %s", request.method, request.url, error);
        response.destroy();
      });
    turns.set(socket, turn);
  });
}

async function answer(
  request: IncomingMessage,
  links: LinkCollection,
  { deadlines, routes, token, strict }: Required<ControlServerOptions>,
): Promise<Answer> {
  // Toxiproxy's guard against web pages in a developer's browser that control the proxy.
  if (request.headers["user-agent"]?.startsWith("Mozilla/")) return text(403, "User agent not allowed\n");
  const judged = judgeControlRequest(request, { ...FAULT_PROXY_GUARD, token });
  if (judged.kind === "refused") return refusal(judged);
  const [path = ""] = (request.url ?? "").split("?");
  const route = findRoute(routes, path);
  if (route === undefined) return text(404, "404 page not found\n");
  const { methods, names } = route;
  const handler = Object.hasOwn(methods, request.method ?? "") ? methods[request.method ?? ""] : undefined;
  if (handler === undefined) return { status: 405, headers: { allow: Object.keys(methods).join(", ") } };
  const bodyText = await readBody(request, deadlines.bodyMs);
  const lease = request.headers["kanit-lease"];
  const notes = new InputNotes({ strict: strict || request.headers["kanit-strict"] === "true" });
  const call = { links, ...names, bodyText, leaseId: typeof lease === "string" ? lease : null, notes };
  const answered = await handle(handler, call, deadlines.handlerMs);
  return { ...answered, headers: { ...answered.headers, ...notes.toHeaders() } };
}

function refusal({ status, why }: ControlRefusal): Answer {
  const headers = status === 401 ? { "www-authenticate": "Bearer" } : {};
  return { ...text(status, `${why}\n`), headers };
}

/** An overdue change continues; its caller learns that the result is unknown. */
async function handle(handler: Handler, call: Call, deadlineMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(ApiError.handlerTooSlow(deadlineMs)), deadlineMs);
  });
  try {
    return await Promise.race([Promise.resolve(handler(call)), late]);
  } finally {
    clearTimeout(timer);
  }
}

function text(status: number, body: string): Answer {
  return { status, body, contentType: "text/plain; charset=utf-8" };
}

function toAnswer(error: unknown): Answer {
  const status = error instanceof ApiError ? error.status : 500;
  const message = error instanceof Error ? error.message : String(error);
  const detail = error instanceof ApiError && error.detail !== null ? { detail: error.detail } : {};
  return {
    status,
    body: `${JSON.stringify({ error: message, status, ...detail })}\n`,
    contentType: "application/json",
    // The rest of a partly read body stays unread, so the connection cannot be used for another request.
    ...(status === 413 || status === 408 ? { headers: { connection: "close" } } : {}),
  };
}

function send(response: ServerResponse, answered: Answer): void {
  const { status, body, contentType } = answered;
  const headers = { ...answered.headers, "x-toxiproxy-request-id": randomUUID() };
  if (body === undefined) {
    response.writeHead(status, status === 204 ? headers : { ...headers, "content-length": 0 }).end();
    return;
  }
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  response
    .writeHead(status, {
      "content-type": contentType ?? "application/json",
      "content-length": Buffer.byteLength(payload),
      ...headers,
    })
    .end(payload);
}
