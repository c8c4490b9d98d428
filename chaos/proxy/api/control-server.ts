import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { LinkCollection } from "../link-collection.ts";
import { ApiError } from "./api-error.ts";
import { type Answer, type Call, type Handler, ROUTES } from "./routes.ts";

/** A body beyond this is refused with 413: 10,000 proxies of 100 bytes fit. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Toxiproxy's own limits on how long a client may take to send its request. */
const REQUEST_TIMEOUT_MS = 15_000;

/** The control API over these links, not listening yet. */
export function createControlServer(links: LinkCollection): Server {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request, links)
      .catch((error: unknown) => toAnswer(error))
      .then((result) => send(response, result));
  });
  return server;
}

async function answer(request: IncomingMessage, links: LinkCollection): Promise<Answer> {
  // Toxiproxy's guard against a web page driving the proxy from a developer's browser.
  if (request.headers["user-agent"]?.startsWith("Mozilla/")) return text(403, "User agent not allowed\n");
  const [path = ""] = (request.url ?? "").split("?");
  const route = findRoute(path);
  if (route === undefined) return text(404, "404 page not found\n");
  const handler = route.methods[request.method ?? ""];
  if (handler === undefined) return { status: 405 };
  return handler({ links, ...route.names, bodyText: await readBody(request) });
}

interface FoundRoute {
  readonly methods: Readonly<Record<string, Handler>>;
  readonly names: Pick<Call, "proxy" | "toxic">;
}

function findRoute(path: string): FoundRoute | undefined {
  const segments = path.split("/");
  for (const [pattern, methods] of ROUTES) {
    const parts = pattern.split("/");
    if (parts.length !== segments.length) continue;
    const names = { proxy: "", toxic: "" };
    const fits = parts.every((part, index) => {
      const segment = decodeSegment(segments[index] ?? "");
      if (part !== "{proxy}" && part !== "{toxic}") return part === segment;
      names[part === "{proxy}" ? "proxy" : "toxic"] = segment;
      return segment !== "";
    });
    if (fits) return { methods, names };
  }
  return undefined;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw ApiError.badBody(`path segment ${segment}: ${(error as URIError).message}`);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new ApiError(413, "body-too-large", `bad request body: larger than ${MAX_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function text(status: number, body: string): Answer {
  return { status, body, contentType: "text/plain; charset=utf-8" };
}

function toAnswer(error: unknown): Answer {
  const status = error instanceof ApiError ? error.status : 500;
  const message = error instanceof Error ? error.message : String(error);
  return { status, body: `${JSON.stringify({ error: message, status })}\n`, contentType: "application/json" };
}

function send(response: ServerResponse, { status, body, contentType }: Answer): void {
  if (body === undefined) {
    response.writeHead(status, status === 204 ? {} : { "content-length": 0 }).end();
    return;
  }
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  response
    .writeHead(status, {
      "content-type": contentType ?? "application/json",
      "content-length": Buffer.byteLength(payload),
      // The rest of a refused body is not read: the connection cannot serve another request.
      ...(status === 413 ? { connection: "close" } : {}),
    })
    .end(payload);
}
