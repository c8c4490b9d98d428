const POLYNOMIAL = 0x82f6_3b78;
const BITS = 8;
const VALUES = 256;

const TABLE = Uint32Array.from({ length: VALUES }, (_, value) => {
  let remainder = value;
  for (let bit = 0; bit < BITS; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** The CRC-32C (Castagnoli) of several pieces of bytes, one after the other, by which Postgres protects its log. */
export function crc32c(...pieces: readonly Uint8Array[]): number {
  let remainder = 0xffff_ffff;
  for (const piece of pieces) {
    for (const byte of piece) remainder = (TABLE[(remainder ^ byte) & 0xff] as number) ^ (remainder >>> BITS);
  }
  return (remainder ^ 0xffff_ffff) >>> 0;
}
