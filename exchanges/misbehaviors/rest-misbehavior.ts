import type { HttpReply, HttpRequest } from "../http/http-server.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import type { Misbehavior } from "./misbehavior.ts";

/** A request as a misbehavior of the venue's REST interface sees it. */
interface RestCall<Options extends object> {
  readonly request: HttpRequest;
  readonly engine: MatchingEngine;
  /** The venue's own answer, or that of another misbehavior. Call it at most once. */
  readonly proceed: () => Promise<HttpReply>;
  /** The misbehavior's options, whether it takes effect on this request or not. */
  readonly active: Options;
  /** The clock's wall time, ms since the epoch. */
  readonly nowMs: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  /** Counts an occasion; returns the options when the misbehavior takes effect. */
  readonly strikes: () => Options | undefined;
}

/** A misbehavior that only changes the answer to a REST request. It is consulted only while it is active. */
export interface RestMisbehavior<Options extends object = object> extends Misbehavior<Options> {
  readonly answer: (call: RestCall<Options>) => Promise<HttpReply>;
}

/** Whether an answer has status 200, and its body. */
export function successOf(reply: HttpReply): Record<string, unknown> | undefined {
  if (reply.kind === "cut" || reply.status !== 200) return undefined;
  const body: unknown = JSON.parse(reply.body);
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : undefined;
}

/** The same answer with another JSON body. */
export function withBody(reply: HttpReply, body: unknown): HttpReply {
  return reply.kind === "cut" ? reply : { ...reply, body: JSON.stringify(body) };
}
