import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Where whoever asks for a reset shows the token. */
const TOKEN_HEADER = "kanit-token";

/**
 * Makes a hook that lets a request through when it shows the token. Every user of the machine reaches the port, and a
 * reset ends what is at work. Takes the same time wherever a wrong token differs.
 */
export function requireToken(token: string) {
  return async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const shown = headers[TOKEN_HEADER];
    if (typeof shown === "string" && timingSafeEqual(digest(shown), digest(token))) return;
    await reply.code(401).send({
      error: "token_required",
      message: `Expected the header Kanit-Token with the value of KANIT_PLATFORM_TOKEN, got ${shown === undefined ? "none" : "another one"}.`,
    });
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
