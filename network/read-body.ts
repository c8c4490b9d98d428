/** A body is longer than its limit. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`Expected a body of at most ${maxBytes} bytes, got a longer one.`);
    this.maxBytes = maxBytes;
  }
}

/**
 * Reads a body to its end. At the limit, its stream is destroyed.
 *
 * @throws BodyTooLarge
 */
export async function readBody(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
  maxBytes: number,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) {
      body.destroy();
      throw new BodyTooLarge(maxBytes);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
