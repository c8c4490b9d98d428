import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type Clock, systemClock } from "../../../core/index.ts";
import { Market } from "../../../exchanges/market/market.ts";
import { openRecordedTape } from "../../../exchanges/market/tape/recorded-tape.ts";
import type { Tape } from "../../../exchanges/market/tape/tape.ts";
import { loadTape } from "../../../exchanges/market/tape/tape-loader.ts";
import { type FuzzTarget, SHARES, target, textsNear } from "../fuzz-target.ts";
import { shapesOf } from "../json-shapes.ts";

const START_NS = "1723075200000000000";
const SNAPSHOT = { lastUpdateId: 10, bids: [["61000.01", "1.5"]], asks: [["61000.02", "2"]] };
const FRAMES = [
  {
    stream: "btcusdt@depth@100ms",
    data: {
      ...{ e: "depthUpdate", E: 1723075200001, s: "BTCUSDT", U: 11, u: 12 },
      ...{ b: [["61000.01", "0"]], a: [["61000.03", "1"]] },
    },
  },
  {
    stream: "btcusdt@trade",
    data: {
      ...{ e: "trade", E: 1723075200002, s: "BTCUSDT", t: 5, p: "61000.02", q: "0.1" },
      ...{ T: 1723075200002, m: true },
    },
  },
  {
    stream: "btcusdt@bookTicker",
    data: { u: 12, s: "BTCUSDT", b: "61000.01", B: "1", a: "61000.02", A: "2" },
  },
];
const lineOf = (body: unknown, index: number) =>
  `${BigInt(START_NS) + BigInt(index) * 1_000_000n} ${JSON.stringify(body)}`;
const TAPE = [SNAPSHOT, ...FRAMES].map(lineOf);
const WORDS = [
  ...'{}[],:"@'.split(""),
  ...["1", "null", "\n", "e9", "99999999999999999999", START_NS, " ", ...TAPE.map((line) => `${line}\n`)],
];

/** A tape of which one line has another shape, or another time. */
const shapedTapes: fc.Arbitrary<string> = fc
  .tuple(
    fc.nat(TAPE.length - 1),
    shapesOf(SNAPSHOT, ...FRAMES),
    fc.constantFrom(
      "0000000000000000",
      "1723075200009",
      "9999999999999999999",
      "99999999999999999999",
      START_NS,
    ),
    fc.boolean(),
  )
  .map(([at, body, ns, keepsTime]) =>
    TAPE.map((line, index) => {
      if (index !== at) return line;
      return `${keepsTime ? (line.split(" ")[0] ?? "") : ns} ${body}`;
    }).join("\n"),
  );

/** Time as the replay sees it: it is always later, so that every frame is due. */
class HurryingClock implements Clock {
  #ms = 0;
  sleep = systemClock.sleep;
  nowMs = (): number => 1_723_075_200_000 + this.#ms;
  monotonicMs = (): number => {
    this.#ms += 1_000;
    return this.#ms;
  };
}

/** Plays a tape through two passes, as the stubs do. */
async function play(tape: Tape): Promise<void> {
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const market = new Market({
    ...{ tape, tapeSpeed: 1, tapeTime: "live", start: "playing", clock: new HurryingClock() },
    onError: failed.reject,
  });
  const played = Promise.withResolvers<void>();
  let events = 0;
  market.subscribe(() => {
    events += 1;
    if (events >= 2 * TAPE.length) played.resolve();
  });
  try {
    await Promise.race([failed.promise, market.ready]);
    await tape.complete;
    const enough = new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.race([failed.promise, played.promise, enough]);
  } finally {
    market.stop();
  }
}

/** Recordings of a market: read from lines and from files, and played. */
export function tapeTargets(folder: string): readonly FuzzTarget[] {
  const lines = (text: string) =>
    loadTape([
      {
        name: "fuzz.jsonl",
        chunks: (async function* () {
          yield Buffer.from(text);
        })(),
      },
    ]);
  const bytes = fc
    .tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 4 }), shapedTapes)
    .map((parts) => JSON.stringify(parts));
  return [
    {
      ...target("tape-lines", textsNear(WORDS, [TAPE.join("\n")]), (text) => play(lines(text))),
      share: SHARES.files,
    },
    { ...target("tape-shapes", shapedTapes, (text) => play(lines(text))), share: SHARES.files },
    {
      ...target("tape-gz", bytes, async (text) => {
        const path = join(folder, "tape.gz");
        writeFileSync(path, damaged(...(JSON.parse(text) as [number, number, number, string])));
        await openRecordedTape([path]).complete;
      }),
      share: SHARES.files,
    },
  ];
}

/** A compressed tape with one other byte, an end that is missing, or more behind its end. */
function damaged(at: number, byte: number, how: number, text: string): Buffer {
  const whole = gzipSync(text);
  const place = at % whole.length;
  if (how === 0) return whole.subarray(0, place);
  if (how === 1) return Buffer.concat([whole, Buffer.alloc(1 + (byte % 64), byte)]);
  if (how === 4) return whole;
  if (how === 2) return Buffer.concat([whole, whole.subarray(place)]);
  whole[place] = byte;
  return whole;
}
