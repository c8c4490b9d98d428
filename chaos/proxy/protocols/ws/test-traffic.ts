import fc from "fast-check";
import { OPCODE } from "./frame-header.ts";
import { FrameReader } from "./frame-reader.ts";
import { masked } from "./mask.ts";

/** A frame as a test sends it. */
export interface TestFrame {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly fin?: boolean;
  readonly rsv1?: boolean;
  readonly maskKey?: Buffer | undefined;
}

/** A frame of traffic, and the number of its data message, from 1; 0 for a control frame. */
export interface TrafficFrame {
  readonly bytes: Buffer;
  readonly message: number;
}

export const REQUEST_HEAD = Buffer.from(
  "GET /stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n",
);
export const RESPONSE_HEAD = Buffer.from(
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
);

/** The bytes of a frame (RFC 6455, 5.2), written without the code under test. */
export function encodeFrame({ opcode, payload, fin = true, rsv1 = false, maskKey }: TestFrame): Buffer {
  const first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode;
  const mask = maskKey === undefined ? 0 : 0x80;
  let header: Buffer;
  if (payload.length < 126) header = Buffer.from([first, mask | payload.length]);
  else if (payload.length < 65_536) {
    header = Buffer.from([first, mask | 126, 0, 0]);
    header.writeUInt16BE(payload.length, 2);
  } else {
    header = Buffer.from([first, mask | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    header.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([header, maskKey ?? Buffer.alloc(0), masked(payload, maskKey)]);
}

const bytesUpTo = (maxLength: number) => fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes));
/**
 * Text that does not repeat. Repeated letters, masked with a key of four bytes, can read as an endless row of
 * valid frames, which a toxic that joins in its middle cannot distinguish.
 */
function unlikeFrames(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => 33 + ((index * index) % 89)));
}
/** Lengths around those at which a header grows, mostly short. */
const payload = fc.oneof(
  { weight: 8, arbitrary: bytesUpTo(140) },
  { weight: 1, arbitrary: fc.integer({ min: 120, max: 3_000 }).map(unlikeFrames) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 65_530, max: 70_000 }).map(unlikeFrames),
  },
);
const control = fc.record({ opcode: fc.constantFrom(OPCODE.ping, OPCODE.pong), payload: bytesUpTo(125) });
const textPayload = fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => Buffer.from(text));
interface Content {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly rsv1: boolean;
}

const plainContent: fc.Arbitrary<Content> = fc.oneof(
  fc.record({ opcode: fc.constant(OPCODE.text), payload: textPayload, rsv1: fc.constant(false) }),
  fc.record({ opcode: fc.constant(OPCODE.binary), payload, rsv1: fc.constant(false) }),
);
const anyContent: fc.Arbitrary<Content> = fc.oneof(
  plainContent,
  // The content of a compressed message does not matter for framing.
  fc.record({ opcode: fc.constant(OPCODE.text), payload, rsv1: fc.constant(true) }),
);
/** A data message split into fragments, each with the control frames that come before it. */
const message = (content: typeof anyContent) =>
  fc.record({
    content,
    cuts: fc.array(fc.nat(140), { maxLength: 3 }),
    between: fc.array(fc.array(control, { maxLength: 2 }), { maxLength: 4 }),
  });

/**
 * Valid traffic of one direction: messages, fragmented or not, with control frames between and within them.
 */
function traffic(
  isMasked: boolean,
  messages: "plain" | "any" = "any",
): fc.Arbitrary<readonly TrafficFrame[]> {
  const content = messages === "plain" ? plainContent : anyContent;
  const maskKey = isMasked
    ? fc.uint8Array({ minLength: 4, maxLength: 4 }).map((key) => Buffer.from(key))
    : fc.constant(undefined);
  return fc.tuple(fc.array(message(content), { maxLength: 8 }), maskKey).map(([messages, key]) =>
    messages.flatMap(({ content: { opcode, payload: whole, rsv1 }, cuts, between }, index) => {
      const edges = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
      return edges.slice(1).flatMap((end, part, ends) => {
        const controls = (between[part] ?? []).map((frame) => ({
          bytes: encodeFrame({ ...frame, maskKey: key }),
          message: 0,
        }));
        const data = encodeFrame({
          opcode: part === 0 ? opcode : OPCODE.continuation,
          payload: whole.subarray(edges[part], end),
          fin: part === ends.length - 1,
          rsv1: rsv1 && part === 0,
          maskKey: key,
        });
        return [...controls, { bytes: data, message: index + 1 }];
      });
    }),
  );
}

/** The sizes of the chunks in which bytes arrive, repeated. */
export const chunkSizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5_000 })),
  {
    minLength: 1,
    maxLength: 12,
  },
);

/** Cuts bytes into chunks like reads of a socket, each in separate memory. */
export function* inChunks(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let start = 0, index = 0; start < bytes.length; index++) {
    // Small chunks of large payloads would need a million steps.
    const size =
      bytes.length > 20_000 ? 997 * (sizes[index % sizes.length] ?? 1) : (sizes[index % sizes.length] ?? 1);
    yield Buffer.from(bytes.subarray(start, start + size));
    start += size;
  }
}

/** Traffic as bytes. */
export function bytesOf(frames: readonly TrafficFrame[]): Buffer {
  return Buffer.concat(frames.map(({ bytes }) => bytes));
}

const side = fc.constantFrom(
  { isMasked: true, head: REQUEST_HEAD },
  { isMasked: false, head: RESPONSE_HEAD },
);
const runOf = (messages: "plain" | "any") =>
  fc.tuple(side, chunkSizes).chain(([{ isMasked, head }, sizes]) =>
    fc.record({
      isMasked: fc.constant(isMasked),
      head: fc.constant(head),
      sizes: fc.constant(sizes),
      frames: traffic(isMasked, messages),
    }),
  );
/** The traffic of one direction and how it is cut into chunks. */
export const run = runOf("any");
/**
 * Like `run`, without compressed messages: a toxic that removes one passes later ones on without compression.
 */
export const plainRun = runOf("plain");

/** Returns why a receiver cannot read these bytes as whole messages, or undefined when it can. */
export function complaintOf(bytes: Buffer): string | undefined {
  const reader = new FrameReader();
  const { rest } = reader.read(bytes);
  if (rest.kind === "unreadable") return rest.why;
  return reader.isBetweenMessages ? undefined : "the last message is not whole";
}
