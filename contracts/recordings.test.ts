import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../core/index.ts";
import { readBookFrame, readDepthSnapshot, readDepthUpdate } from "../platform/index.ts";
import { compareAnswers, type VenueAnswer } from "./matching/compare-answers.ts";
import { framesResponse } from "./matching/frames-response.ts";
import { type Provider, readPact } from "./matching/pact-file.ts";

const DATA = join(import.meta.dirname, "../../shared/data");
const HAS_RECORDINGS = existsSync(DATA);
const JSON_TYPE = { "content-type": "application/json" };
/** Pact matches about 700 frames a second. */
const SAMPLE = 500;

/** The frames and the snapshot of a recording of Binance, as text. */
function binanceLines(name: string): readonly string[] {
  const text = gunzipSync(readFileSync(join(DATA, "binance-spot", name))).toString();
  const lines = text.trimEnd().split("\n");
  return lines.map((line) => line.slice(line.indexOf(" ") + 1));
}

function btcturkLines(name: string): readonly string[] {
  return readFileSync(join(DATA, "btcturk", name), "utf8")
    .trimEnd()
    .split("\n");
}

async function interactionOf(provider: Provider, description: string) {
  const { interactions } = await readPact(provider);
  const found = interactions.find((each) => each.description === description);
  if (found === undefined) throw new Error(`Expected ${description} in the pact with ${provider}.`);
  return found;
}

/** The differences between these frames and a message of the pact, by Pact's own matching of each. */
async function frameMismatches(provider: Provider, description: string, frames: readonly string[]) {
  const message = await interactionOf(provider, description);
  if (message.type !== "Asynchronous/Messages") throw new Error(`Expected ${description} to be a message.`);
  const answer: VenueAnswer = { status: 200, headers: JSON_TYPE, body: `[${frames.join(",")}]` };
  const [mismatches] = await compareAnswers(provider, [{ answer, response: framesResponse(message) }]);
  return mismatches;
}

/** The differences between this answer and the answer of the pact. */
async function answerMismatches(provider: Provider, description: string, answer: VenueAnswer) {
  const call = await interactionOf(provider, description);
  if (call.type !== "Synchronous/HTTP") throw new Error(`Expected ${description} to be a call.`);
  const [mismatches] = await compareAnswers(provider, [{ answer, response: call.response }]);
  return mismatches;
}

/** Some of the frames, drawn with a seed, in their original order. */
function sampleOf(frames: readonly string[], count: number): readonly string[] {
  const random = seededRandom(1);
  const drawn = new Set<number>();
  while (drawn.size < Math.min(count, frames.length)) drawn.add(random.below(frames.length));
  return frames.filter((_, index) => drawn.has(index));
}

describe.skipIf(!HAS_RECORDINGS)("Binance's recordings match the pact:", () => {
  it.each([
    ["btcusdt_20240808.gz", 3_451],
    ["ethusdt_20240808.gz", 3_434],
  ])("%s: depth frames, and the platform reads all %i of them", async (name, count) => {
    const frames = binanceLines(name).filter((line) => line.includes("@depth@100ms"));
    expect(frames.length).toBe(count);
    expect(frames.filter((frame) => readDepthUpdate(frame) === undefined)).toEqual([]);
    expect(await frameMismatches("binance-spot", "a change of the book", sampleOf(frames, SAMPLE))).toEqual(
      [],
    );
  });

  it.each(["btcusdt_20240808.gz", "ethusdt_20240808.gz"])("%s: the depth snapshot", async (name) => {
    const body = binanceLines(name).find((line) => line.startsWith('{"lastUpdateId"')) ?? "";
    const answer = { status: 200, headers: JSON_TYPE, body };
    expect(readDepthSnapshot(body)).toBeDefined();
    expect(await answerMismatches("binance-spot", "a question about the book", answer)).toEqual([]);
  });
});

describe.skipIf(!HAS_RECORDINGS)("BTCTurk's recordings match the pact:", () => {
  it.each([
    ["a whole book", "[431,", 1],
    ["a change of the book", "[432,", 2],
  ])("%s", async (description, start, count) => {
    const frames = btcturkLines("frames.jsonl").filter((line) => line.startsWith(start));
    expect(frames.length).toBe(count);
    expect(frames.filter((frame) => readBookFrame(frame) === undefined)).toEqual([]);
    expect(await frameMismatches("btcturk", description, frames)).toEqual([]);
  });

  // The platform makes none of the recorded calls, but the venue's envelope is the same for every call.
  it("the envelope of every error", async () => {
    const replies = btcturkLines("rest.jsonl").map(
      (line) => JSON.parse(line) as { readonly status: number; readonly body: unknown },
    );
    const refused = replies.filter(({ status }) => status === 400);
    expect(refused.length).toBe(2);
    for (const { status, body } of refused) {
      const answer = { status, headers: JSON_TYPE, body: JSON.stringify(body) };
      expect(
        await answerMismatches("btcturk", "a cancellation of an order that does not exist", answer),
      ).toEqual([]);
    }
  });
});

describe("a frame that does not match the pact is found among many:", () => {
  const level = ["60000.10", "0.5"];
  const frame = (change: object = {}) =>
    JSON.stringify({
      stream: "btcusdt@depth@100ms",
      data: { e: "depthUpdate", E: 1, s: "BTCUSDT", U: 1, u: 2, b: [level, level], a: [], ...change },
    });

  it.each([
    ["another event", { e: "depth" }, "$[1].data.e"],
    ["an id as text", { u: "2" }, "$[1].data.u"],
    ["a price in a level further on that is no decimal", { b: [level, ["6e4", "1"]] }, "$[1].data.b[1][0]"],
    ["an amount that is a number", { a: [["60000", 1]] }, "$[1].data.a[0][1]"],
  ])("%s", async (_, change, field) => {
    const mismatches = await frameMismatches("binance-spot", "a change of the book", [
      frame(),
      frame(change),
      frame(),
    ]);
    expect(mismatches?.map((each) => each.field)).toContain(field);
  });
});
