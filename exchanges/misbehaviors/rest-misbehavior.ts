import type { HttpReply, HttpRequest } from "../http/http-server.ts";
import type { MatchingEngine } from "../market/matching/matching-engine.ts";
import type { Misbehavior } from "./misbehavior.ts";

/** A request as a misbehavior of the venue's REST edge sees it. */
interface RestCall<Options extends object> {
  readonly request: HttpRequest;
  readonly engine: MatchingEngine;
  /** The venue's own answer, or what another misbehavior made of it. To be asked for once at most. */
  readonly proceed: () => Promise<HttpReply>;
  /** The misbehavior's options, which hold whether it strikes at this request or not. */
  readonly active: Options;
  /** The clock's wall time, ms since the epoch. */
  readonly nowMs: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  /** Counts an occasion; the options when it strikes. */
  readonly strikes: () => Options | undefined;
}

/** A misbehavior that is all in what becomes of a REST request. It is asked only while it is switched on. */
export interface RestMisbehavior<Options extends object = object> extends Misbehavior<Options> {
  readonly answer: (call: RestCall<Options>) => Promise<HttpReply>;
}

/** Whether an answer says 200, and with what body. */
export function successOf(reply: HttpReply): Record<string, unknown> | undefined {
  if (reply.kind === "cut" || reply.status !== 200) return undefined;
  const body: unknown = JSON.parse(reply.body);
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : undefined;
}

/** The same answer with another JSON body. */
export function withBody(reply: HttpReply, body: unknown): HttpReply {
  return reply.kind === "cut" ? reply : { ...reply, body: JSON.stringify(body) };
}
