/**
 * A copy of the payload, masked or unmasked with the key (RFC 6455, 5.3); without a key the payload itself.
 */
export function masked(payload: Buffer, key: Buffer | undefined): Buffer {
  if (key === undefined) return payload;
  const copy = Buffer.allocUnsafe(payload.length);
  for (let index = 0; index < payload.length; index++) {
    copy[index] = (payload[index] ?? 0) ^ (key[index & 3] ?? 0);
  }
  return copy;
}
