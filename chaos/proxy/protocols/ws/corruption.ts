import type { Random } from "../../../../core/index.ts";

const ASCII_END = 0x80;
const FIRST_PRINTABLE = 0x20;
const PRINTABLE_COUNT = 0x5f;
const CONTINUATION_COUNT = 0x40;

/** A byte that never occurs in UTF-8 (RFC 3629). */
const NEVER_UTF8 = 0xff;

/** A copy with up to `count` bytes at random places, each changed to another one. */
export function corruptBytes(payload: Buffer, count: number, random: Random): Buffer {
  const places = Array.from(payload.keys());
  return change(payload, draw(places, count, random), (byte) => byte ^ (1 + random.below(0xff)));
}

/** A copy with up to `count` characters changed to others of the same length, so that UTF-8 stays valid. */
export function corruptCharacters(text: Buffer, count: number, random: Random): Buffer {
  // The last byte of a character may be any continuation byte; those before it are restricted.
  const places = Array.from(text.keys()).filter((place) => !isContinuation(text[place + 1]));
  return change(text, draw(places, count, random), (byte) =>
    byte < ASCII_END
      ? another(byte, FIRST_PRINTABLE, PRINTABLE_COUNT, random)
      : another(byte, ASCII_END, CONTINUATION_COUNT, random),
  );
}

/** A copy with up to `count` bytes at random places replaced by bytes that are invalid in UTF-8. */
export function breakText(text: Buffer, count: number, random: Random): Buffer {
  return change(text, draw(Array.from(text.keys()), count, random), () => NEVER_UTF8);
}

function change(payload: Buffer, places: readonly number[], to: (byte: number) => number): Buffer {
  const copy = Buffer.from(payload);
  for (const place of places) copy[place] = to(payload[place] ?? 0);
  return copy;
}

/** Draws without replacement. */
function draw(places: number[], count: number, random: Random): readonly number[] {
  const drawn: number[] = [];
  while (drawn.length < count && places.length > 0) {
    const index = random.below(places.length);
    const last = places.pop() ?? 0;
    drawn.push(index === places.length ? last : (places[index] ?? 0));
    if (index < places.length) places[index] = last;
  }
  return drawn;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Another one of `count` values from `first` on. */
function another(byte: number, first: number, count: number, random: Random): number {
  const isIn = byte >= first && byte < first + count;
  if (!isIn) return first + random.below(count);
  const drawn = first + random.below(count - 1);
  return drawn >= byte ? drawn + 1 : drawn;
}
