import { z } from "zod";
import { parseJson } from "../../json-text.ts";
import { MODEL } from "./frames.ts";

const subscribeFrame = z.tuple([
  z.literal(MODEL.subscribe),
  z.object({
    type: z.literal(MODEL.subscribe),
    channel: z.string(),
    event: z.string(),
    join: z.boolean(),
  }),
]);

/** Requests a frame again; the code is the model of that frame. */
const requestFrame = z.tuple([
  z.literal(MODEL.request),
  z.object({ type: z.literal(MODEL.request), code: z.number(), channel: z.string(), event: z.string() }),
]);

const loginFrame = z.tuple([
  z.literal(MODEL.login),
  z.object({
    type: z.literal(MODEL.login),
    publicKey: z.string(),
    timestamp: z.number(),
    nonce: z.number(),
    signature: z.string(),
  }),
]);

const clientFrame = z.union([subscribeFrame, requestFrame, loginFrame]);

/** A login: the signature covers public key and nonce. */
export type Login = z.infer<typeof loginFrame>[1];

/** The frames that a client of the feed may send. */
export type ClientFrame = z.infer<typeof clientFrame>;

/** Reads a frame; undefined for anything else, which the venue does not answer. */
export function readClientFrame(text: string): ClientFrame | undefined {
  const json = parseJson(text);
  const read = json.kind === "json" ? clientFrame.safeParse(json.value) : undefined;
  return read?.success ? read.data : undefined;
}
