/** The data transferred through a link while its toxics are measured. */
export type Traffic = "bulk" | "http" | "ws" | "pg";

/**
 * One transfer, requested by the benchmark from the load program: it ends after this many
 * bytes, or this much time.
 */
export interface TransferTask {
  readonly traffic: Traffic;
  /** On 127.0.0.1. */
  readonly port: number;
  /** On each connection. */
  readonly bytes: number;
  readonly connections: number;
  readonly limitMs: number;
}

export interface TransferResult {
  readonly bytes: number;
  readonly seconds: number;
}

/** What a client sends first, and again for every `replyBytes` received. */
export interface Opening {
  readonly first: Buffer;
  readonly again: { readonly request: Buffer; readonly replyBytes: number } | null;
}

const BODY_BYTES = 1_000;
const ROWS_BYTES = 50;

/** A reply of 1,000 bytes and its head. */
export const HTTP_REPLY = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${BODY_BYTES}\r\n\r\n${"x".repeat(BODY_BYTES)}`,
);

export const WS_ACCEPT = Buffer.from(
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
);

const TRADE = `{"stream":"btcusdt@trade","data":{"e":"trade","s":"BTCUSDT","p":"67000.10","q":"0.01"}}`;
/** A text message of a venue. */
export const WS_FRAME = Buffer.concat([Buffer.of(0x81, TRADE.length), Buffer.from(TRADE)]);

/** AuthenticationOk and ReadyForQuery. */
export const PG_WELCOME = Buffer.concat([pgMessage("R", Buffer.alloc(4)), pgMessage("Z", Buffer.from("I"))]);
/** A result of one column and fifty rows. */
export const PG_REPLY = Buffer.concat([
  pgMessage("T", Buffer.concat([Buffer.of(0, 1), Buffer.from("a\0"), Buffer.alloc(18)])),
  ...Array.from({ length: 50 }, () =>
    pgMessage("D", Buffer.concat([Buffer.of(0, 1, 0, 0, 0, ROWS_BYTES), Buffer.alloc(ROWS_BYTES, 0x61)])),
  ),
  pgMessage("C", Buffer.from("SELECT 50\0")),
  pgMessage("Z", Buffer.from("I")),
]);
const PG_QUERY = pgMessage("Q", Buffer.from("select a from orders where id = 1\0"));

export function openingOf(traffic: Traffic, bytes: number): Opening {
  switch (traffic) {
    case "bulk":
      return { first: Buffer.from(`bulk ${bytes}\n`), again: null };
    case "http": {
      const request = Buffer.from("GET /http HTTP/1.1\r\nhost: origin\r\n\r\n");
      return { first: request, again: { request, replyBytes: HTTP_REPLY.length } };
    }
    case "ws":
      return {
        first: Buffer.from(
          `GET /ws/${bytes} HTTP/1.1\r\nhost: origin\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n`,
        ),
        again: null,
      };
    case "pg":
      return {
        first: Buffer.concat([pgStartup(), PG_QUERY]),
        again: { request: PG_QUERY, replyBytes: PG_REPLY.length },
      };
  }
}

function pgStartup(): Buffer {
  const body = Buffer.from("\0\x03\0\0user\0bench\0\0", "latin1");
  return Buffer.concat([uint32(body.length + 4), body]);
}

function pgMessage(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), uint32(body.length + 4), body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
