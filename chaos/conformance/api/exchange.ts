import assert from "node:assert/strict";
import { type ControlAnswer, callControl } from "../control-call.ts";
import type { EngineName, StartedEngine } from "../engines/engine.ts";

/** An answer with its body; every randomly chosen port is replaced by PORT. */
export interface Reply {
  readonly status: number;
  readonly contentType: string | undefined;
  /** The parsed JSON, or the text when it is not JSON. */
  readonly body: unknown;
}

/** An expected reply, in which a regular expression replaces text that is not compared literally. */
export type ReplyPattern = Reply;

/** One request, the answer of Toxiproxy, and that of kanit's proxy where it differs on purpose. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** CONTROL is replaced by the address of the control API, for conflicts with it. */
  readonly body?: string;
  readonly userAgent?: string;
  readonly reply: ReplyPattern | RefusalPattern;
  readonly ours?: { readonly reply: ReplyPattern | RefusalPattern; readonly why: string };
}

/** Exchanges in order, on an engine without proxies. */
export interface Dialogue {
  readonly title: string;
  readonly exchanges: readonly Exchange[];
}

interface RefusalPattern {
  readonly refusal: true;
  readonly status: number;
  readonly body: { readonly error: string | RegExp; readonly status: number };
}

/** A JSON answer. */
export function json(status: number, body: unknown): ReplyPattern {
  return { status, contentType: "application/json", body };
}

/** An error in Toxiproxy's form. */
export function refusal(status: number, error: string | RegExp): RefusalPattern {
  return { refusal: true, status, body: { error, status } };
}

/** A text answer of Go's own HTTP server. */
export function plain(status: number, text: string): ReplyPattern {
  return { status, contentType: "text/plain; charset=utf-8", body: text };
}

/** An answer without a body. */
export function empty(status: number): ReplyPattern {
  return { status, contentType: undefined, body: "" };
}

/** Makes the exchange's request. */
export async function ask(engine: StartedEngine, exchange: Exchange): Promise<Reply> {
  const { method, path, body, userAgent } = exchange;
  const { host } = new URL(engine.url);
  const headers = userAgent === undefined ? undefined : { "user-agent": userAgent };
  return toReply(
    await callControl(engine.url, { method, path, headers, body: body?.replaceAll("CONTROL", host) }),
  );
}

/** The expected answer of this engine. */
export function patternFor(engine: EngineName, { reply, ours }: Exchange): ReplyPattern {
  const pattern = engine === "kanit" ? (ours?.reply ?? reply) : reply;
  if (!("refusal" in pattern)) return pattern;
  // Go's http.Error labels every body as plain text, though Toxiproxy's is JSON; kanit labels it as JSON.
  const contentType = engine === "kanit" ? "application/json" : "text/plain; charset=utf-8";
  return { status: pattern.status, contentType, body: pattern.body };
}

/** @throws AssertionError that shows the reply beside the expected one. */
export function assertReply(reply: Reply, pattern: ReplyPattern): void {
  assert.deepEqual(reply, fill(pattern, reply));
}

function toReply({ status, contentType, text }: ControlAnswer): Reply {
  const stable = text.replace(/(127\.0\.0\.1|\[::1?\]):\d{4,5}\b/g, "$1:PORT");
  const isJson = /^[{[]/.test(stable);
  return { status, contentType, body: isJson ? comparable(JSON.parse(stable)) : stable };
}

/**
 * The body without what only one engine has: Toxiproxy 2.12 includes each proxy's logger by mistake, always as
 * `{}`, and kanit's errors have a `detail` beside Toxiproxy's message.
 */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([key]) => key !== "Logger" && key !== "detail");
  return Object.fromEntries(fields.map(([key, inner]) => [key, comparable(inner)]));
}

/** The pattern, with each matching regular expression replaced by the matched text. */
function fill(pattern: unknown, actual: unknown): unknown {
  if (pattern instanceof RegExp) return typeof actual === "string" && pattern.test(actual) ? actual : pattern;
  if (Array.isArray(pattern)) {
    return pattern.map((item, index) => fill(item, Array.isArray(actual) ? actual[index] : undefined));
  }
  if (typeof pattern !== "object" || pattern === null) return pattern;
  const given = (typeof actual === "object" && actual !== null ? actual : {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(pattern).map(([key, inner]) => [key, fill(inner, given[key])]));
}
