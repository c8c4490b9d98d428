import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error.ts";

/** A larger body is refused with 413; 10,000 proxies of 100 bytes fit. */
export const MAX_BODY_BYTES = 1024 * 1024;
/**
 * A refused body is read and dropped up to this size, so that its sender can read the answer; then
 * the connection is closed.
 */
const MAX_DROPPED_BYTES = 64 * 1024 * 1024;

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the request's body.
 *
 * @throws ApiError 413 when it is too large; 408 when it is not complete within the deadline; 400 when it is not UTF-8.
 */
export async function readBody(request: IncomingMessage, deadlineMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(ApiError.bodyTooSlow(deadlineMs)), deadlineMs);
  });
  try {
    return decode(await Promise.race([readAll(request), late]));
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_DROPPED_BYTES) break;
    if (bytes > MAX_BODY_BYTES) chunks = [];
    else chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) throw ApiError.bodyTooLarge(MAX_BODY_BYTES);
  return Buffer.concat(chunks);
}

function decode(body: Buffer): string {
  try {
    return UTF8.decode(body);
  } catch (cause) {
    throw ApiError.badBody("not valid UTF-8", { cause });
  }
}
