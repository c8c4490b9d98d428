import { z } from "zod";
import { type MarketSession, PHASES } from "../bist/market-session.ts";
import { type HttpReply, type HttpRequest, json } from "../http/http-server.ts";
import { checked, readJson, unknown } from "./control-error.ts";

const sessionSchema = z.union([
  z.strictObject({ phase: z.enum(PHASES) }),
  /** All phases of the day in order, this many times faster than in reality. */
  z.strictObject({ day: z.literal("play"), timeScale: z.number().min(1).max(100_000).default(1) }),
]);

/** `GET …/session`, and PUT to change to a phase and stay there, or to play the day from its beginning. */
export function answerSession(session: MarketSession, request: HttpRequest): HttpReply {
  if (request.method === "PUT") {
    const example = '{"phase":"closing-auction"} or {"day":"play","timeScale":3600}';
    const change = checked(readJson(request), sessionSchema, example);
    if ("phase" in change) session.go(change.phase);
    else session.play(change.timeScale);
  } else if (request.method !== "GET") throw unknown("method", request.method, "GET or PUT");
  return json(200, { phase: session.phase });
}
