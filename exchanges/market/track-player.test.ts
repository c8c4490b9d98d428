import { describe, expect, it } from "vitest";
import { ETHUSDT_RECORDING, HAS_RECORDINGS } from "../testing/tapes.ts";
import type { MarketEvent } from "./market-event.ts";
import { OrderBook } from "./order-book.ts";
import { openRecordedTape } from "./tape/recorded-tape.ts";
import { RecordedTrack } from "./tape/recorded-track.ts";
import { AS_RECORDED } from "./tape/retime.ts";
import { makeSyntheticTape } from "./tape/synthetic-tape.ts";
import type { TapeFrame, TapeTrack } from "./tape/tape.ts";
import { loadTape } from "./tape/tape-loader.ts";
import { TrackPlayer } from "./track-player.ts";

/** A minute of the synthetic market, in the form of a recording. */
async function cutOfSynthetic(): Promise<RecordedTrack[]> {
  return (await makeSyntheticTape(5).tracks).map((track) => {
    const frames: TapeFrame[] = [];
    const reader = track.read();
    for (
      let { next } = reader;
      typeof next !== "string" && next.atMs < track.startMs + 60_000;
      next = reader.next
    ) {
      frames.push(next);
      reader.advance();
    }
    const cut = new RecordedTrack(track.symbol, track.snapshot, frames);
    cut.isComplete = true;
    return cut;
  });
}

async function recording(): Promise<readonly RecordedTrack[]> {
  const tape = openRecordedTape([ETHUSDT_RECORDING]);
  await tape.complete;
  return tape.tracks;
}

const tapes: [string, boolean, () => Promise<readonly RecordedTrack[]>][] = [
  ["cut of the synthetic market", true, cutOfSynthetic],
  ["shared recording", HAS_RECORDINGS, recording],
];
const PASS_MS = 400_000;

function playPass(player: TrackPlayer): MarketEvent[] {
  const events: MarketEvent[] = [];
  while (typeof player.next === "number") {
    const event = player.play(AS_RECORDED);
    if (event !== undefined) events.push(event);
  }
  return events;
}

/** Where a client of the venue would miss a diff or a trade. */
function breaksIn(events: readonly MarketEvent[]): string[] {
  const breaks: string[] = [];
  const next = { depth: -1, trade: -1 };
  for (const event of events) {
    if (event.kind === "bookTicker") continue;
    const id = event.kind === "depth" ? event.diff.firstUpdateId : event.trade.tradeId;
    if (next[event.kind] !== -1 && id !== next[event.kind]) breaks.push(`${event.kind} ${id}`);
    next[event.kind] = (event.kind === "depth" ? event.diff.lastUpdateId : id) + 1;
  }
  return breaks;
}

const contentOf = (book: OrderBook) => [book.top("bids", 10_000), book.top("asks", 10_000)];
const snapshotOf = ({ snapshot }: TapeTrack) => {
  const book = new OrderBook();
  book.load(snapshot);
  return contentOf(book);
};

/** Each tape is read once for all tests: playing does not change it. */
const cache = new Map<typeof recording, Promise<readonly RecordedTrack[]>>();
function loaded(open: typeof recording): Promise<readonly RecordedTrack[]> {
  const tracks = cache.get(open) ?? open();
  cache.set(open, tracks);
  return tracks;
}

describe.each(tapes)("playing the %s", (_, isThere, open) => {
  it.skipIf(!isThere)("sends the tape's own bytes in the first pass", async () => {
    for (const track of await loaded(open)) {
      const events = playPass(new TrackPlayer(track));
      expect(events.length).toBe(track.frames.length);
      const other = events.filter(({ wire }, index) => {
        const frame = track.frames[index];
        return wire.envelope !== frame?.envelope || wire.data !== frame.data;
      });
      expect(other).toEqual([]);
    }
  });

  it.skipIf(!isThere)(
    "continues without a gap into the next passes and builds the same books there",
    async () => {
      for (const track of await loaded(open)) {
        const player = new TrackPlayer(track);
        const events = playPass(player);
        const end = contentOf(player.book);
        for (let pass = 1; pass <= 2; pass++) {
          events.push(player.rewind(PASS_MS));
          expect(contentOf(player.book)).toEqual(snapshotOf(track));
          events.push(...playPass(player));
          expect(contentOf(player.book)).toEqual(end);
        }
        expect(breaksIn(events)).toEqual([]);
      }
    },
  );

  it.skipIf(!isThere)("has the same content in its frames and its events, in later passes too", async () => {
    const [track] = await loaded(open);
    if (track === undefined) throw new Error("no track");
    const player = new TrackPlayer(track);
    playPass(player);
    const events = [player.rewind(PASS_MS), ...playPass(player)];
    let eventMs = 0;
    for (const event of events.filter(({ kind }) => kind === "depth")) {
      const data = JSON.parse(event.wire.data.toString());
      expect(JSON.parse(event.wire.envelope.toString())).toEqual({ stream: event.wire.stream, data });
      if (event.kind === "depth")
        expect([data.U, data.u, data.E]).toEqual([
          event.diff.firstUpdateId,
          event.diff.lastUpdateId,
          event.diff.eventMs,
        ]);
      expect(data.E).toBeGreaterThanOrEqual(eventMs);
      eventMs = data.E;
    }
  });
});

describe("a frame with a value of another kind than the venue sends", () => {
  const trade = '"e":"trade","E":1,"s":"BTCUSDT","t":5,"p":"1.00","q":"1","m":true,"T":1';
  const depth = '"e":"depthUpdate","E":1,"s":"BTCUSDT","U":2,"u":3,"b":[],"a":[]';
  it.each([
    ["trade", trade.replace('"T":1', '"T":{}')],
    ["trade", trade.replace('"T":1', '"T":"1"')],
    ["trade", trade.replace('"t":5,', "")],
    ["trade", trade.replace('"p":"1.00"', '"p":{"length":1}')],
    ["depth", depth.replace('"E":1', '"E":[]')],
    ["depth", depth.replace('"u":3', '"u":null')],
    ["depth", depth.replace('"b":[]', '"b":[{}]')],
  ])("is a mistake of the recording: %s %s", async (kind, data) => {
    const lines = [
      '1723075200000000000 {"lastUpdateId":1,"bids":[["0.99","1"]],"asks":[["1.01","1"]]}',
      `1723075200000000000 {"stream":"btcusdt@${kind}","data":{${data}}}`,
    ];
    const chunks = (async function* () {
      yield Buffer.from(`${lines.join("\n")}\n`);
    })();
    const [track] = await loadTape([{ name: "odd.jsonl", chunks }]).tracks;
    if (track === undefined) throw new Error("expected one track");
    const player = new TrackPlayer(track);
    expect(() => player.play(AS_RECORDED)).toThrow(expect.objectContaining({ code: "bad-tape-frame" }));
  });
});
