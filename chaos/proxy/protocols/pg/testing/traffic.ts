import fc from "fast-check";
import { bind, copyFail, execute, parse, query, sync } from "../message-body.ts";

/** A message of one side and the other side's answer. */
export interface Round {
  readonly up: Buffer;
  readonly down: Buffer;
}

/** A message with a type. */
export function message(type: string, body: Buffer | string = ""): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(5);
  header.write(type, "latin1");
  header.writeUInt32BE(4 + bytes.length, 1);
  return Buffer.concat([header, bytes]);
}

export const ready = (status = "I"): Buffer => message("Z", status);
export const complete = (tag: string): Buffer => message("C", `${tag}\0`);
const NOTHING = Buffer.alloc(0);

/** A request for encryption that is declined, the start-up message, and the server's greeting. */
export const START_UP: readonly Round[] = [
  { up: Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]), down: Buffer.from("N") },
  {
    up: Buffer.concat([Buffer.from([0, 0, 0, 20, 0, 3, 0, 0]), Buffer.from("user\0spark\0\0")]),
    down: Buffer.concat([
      message("R", "\0\0\0\0"),
      message("S", "a\0b\0"),
      message("K", "\0\0\0\x01abcd"),
      ready(),
    ]),
  },
];
START_UP[1]?.up.writeUInt32BE(START_UP[1].up.length, 0);

const anyBody = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
const anyText = fc.string({ maxLength: 40 }).map((text) => text.replaceAll("\0", ""));
const rows = fc.array(
  anyBody.map((body) => message("D", body)),
  { maxLength: 5 },
);
const notice = message("N", "SNOTICE\0C00000\0Mhello\0\0");
const error = message("E", "SERROR\0C22012\0Mdivision by zero\0\0");
const extended = (text: string) => Buffer.concat([parse("", text), bind("", ""), execute(""), sync()]);

const simpleQuery = fc.tuple(anyText, rows).map(([text, data]): Round[] => [
  {
    up: query(text),
    down: Buffer.concat([message("T", "\0\0"), ...data, notice, complete("SELECT 1"), ready()]),
  },
]);
const extendedQuery = fc.tuple(anyText, rows).map(([text, data]): Round[] => [
  {
    up: extended(text),
    down: Buffer.concat([message("1"), message("2"), ...data, complete("SELECT 1"), ready()]),
  },
]);
const failingQueries = anyText.chain((text) =>
  fc.constantFrom<Round[]>(
    [{ up: query(text), down: Buffer.concat([error, ready()]) }],
    [{ up: extended(text), down: Buffer.concat([message("1"), error, ready()]) }],
  ),
);
const copyIn = fc.tuple(rows, fc.boolean(), fc.boolean()).map(([data, fails, isExtended]): Round[] => {
  const end = fails ? copyFail("no") : message("c");
  const done = Buffer.concat([fails ? error : complete("COPY 1"), ready()]);
  const begin = isExtended ? [message("1"), message("2"), message("G", "\0\0\0")] : [message("G", "\0\0\0")];
  return [
    { up: isExtended ? extended("COPY") : query("COPY"), down: Buffer.concat(begin) },
    { up: Buffer.concat([...data.map(asCopyData), end, isExtended ? sync() : NOTHING]), down: done },
  ];
});
const asCopyData = (row: Buffer) => message("d", row);

/**
 * The requests of a client and the answers of a server in one turn: queries of both
 * protocols, failing ones, COPY.
 */
export const exchange: fc.Arbitrary<Round[]> = fc.oneof(simpleQuery, extendedQuery, failingQueries, copyIn);

/** The end of a transaction. */
export const commitExchange: Round = {
  up: query("COMMIT"),
  down: Buffer.concat([complete("COMMIT"), ready()]),
};

/** Cuts bytes into chunks, at places that the seeds choose. */
export function cut(bytes: Buffer, seeds: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let rest = bytes;
  for (const seed of seeds) {
    if (rest.length === 0) break;
    const length = 1 + (seed % Math.min(rest.length, 32));
    // A separate copy, like each read of a socket.
    chunks.push(Buffer.from(rest.subarray(0, length)));
    rest = rest.subarray(length);
  }
  return rest.length > 0 ? [...chunks, Buffer.from(rest)] : chunks;
}

/** The places of the cuts: a few, or very many. */
export const cuts: fc.Arbitrary<number[]> = fc.oneof(
  fc.array(fc.nat(31), { maxLength: 8 }),
  fc.array(fc.nat(3), { minLength: 100, maxLength: 400 }),
);
