import { z } from "zod";

const idSchema = z.union([z.int(), z.string().max(36), z.null()]).optional();

const commandSchema = z.discriminatedUnion("method", [
  z.object({ method: z.literal("SUBSCRIBE"), params: z.array(z.string()), id: idSchema }),
  z.object({ method: z.literal("UNSUBSCRIBE"), params: z.array(z.string()), id: idSchema }),
  z.object({ method: z.literal("LIST_SUBSCRIPTIONS"), id: idSchema }),
  z.object({
    method: z.literal("SET_PROPERTY"),
    params: z.tuple([z.literal("combined"), z.boolean()]),
    id: idSchema,
  }),
  z.object({ method: z.literal("GET_PROPERTY"), params: z.tuple([z.literal("combined")]), id: idSchema }),
]);

/** What a client may send on a stream connection. */
export type StreamCommand = z.infer<typeof commandSchema>;

/** A message that is no command, with the venue's code and words for what is wrong. */
export interface BadCommand {
  readonly code: number;
  readonly msg: string;
}

const METHODS = ["SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY"];

/** Reads a client's message. */
export function readStreamCommand(text: string): StreamCommand | BadCommand {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { code: 3, msg: `Invalid JSON: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
  const read = commandSchema.safeParse(value);
  if (read.success) return read.data;
  const method = (value as { method?: unknown } | null)?.method;
  if (method === undefined) return { code: 2, msg: "Invalid request: missing field `method`" };
  if (typeof method !== "string" || !METHODS.includes(method)) {
    const expected = METHODS.map((name) => `\`${name}\``).join(", ");
    return {
      code: 2,
      msg: `Invalid request: unknown variant \`${String(method)}\`, expected one of ${expected}`,
    };
  }
  return { code: 2, msg: `Invalid request: ${read.error.issues[0]?.message ?? "malformed"}` };
}
