import assert from "node:assert/strict";
import { along, LinkUnderTest, type Pair, type Stream } from "../link-under-test.ts";
import { quantile } from "../wire.ts";
import type { ConformanceCase } from "./conformance-case.ts";

const LATENCY_MS = 60;
const JITTER_MS = 40;
const CONNECTIONS = 20;
const ROUNDS = 10;
/**
 * Five standard deviations of the quantiles of 200 uniform draws over 2 × 40 ms, rounded up: the deviation
 * that chance explains. The machine's delays only add, so the lower bounds hold on any machine.
 */
const CHANCE_MS = 15;
/** A timer of the engine and the clock of the test may differ by a rounding. */
const ROUNDING_MS = 1;

/** How `latency` delays each of the two streams. */
export function latencyCases(stream: Stream): readonly ConformanceCase[] {
  return [
    {
      title: `latency delays each byte ${stream} by latency ± jitter, evenly spread`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("latency", { latency: LATENCY_MS, jitter: JITTER_MS }, { stream });
        const rounds = await delaysByRound(await link.openMany(CONNECTIONS), stream);
        const delays = rounds.flat();
        assert.ok(
          Math.min(...delays) >= LATENCY_MS - JITTER_MS - ROUNDING_MS,
          `least: ${Math.min(...delays)} ms`,
        );
        for (const share of [0.1, 0.25, 0.5, 0.75, 0.9]) {
          const drawnMs = LATENCY_MS - JITTER_MS + share * 2 * JITTER_MS;
          const seenMs = quantile(delays, share);
          assert.ok(seenMs >= drawnMs - CHANCE_MS, `${share} quantile: ${seenMs} ms of ${drawnMs} ms`);
        }
        // The upper bound is checked only for the fastest of ten rounds, since a busy machine
        // does not delay all of them.
        const calmestMs = Math.min(...rounds.map((round) => quantile(round, 0.5)));
        assert.ok(calmestMs <= LATENCY_MS + CHANCE_MS, `median of the calmest round: ${calmestMs} ms`);
        const spreadMs = quantile(delays, 0.9) - quantile(delays, 0.1);
        assert.ok(spreadMs >= 0.8 * 2 * JITTER_MS - 2 * CHANCE_MS, `spread of 80 %: ${spreadMs} ms`);
      },
    },
    {
      title: `latency ${stream} does not affect the other direction`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("latency", { latency: 3_600_000 }, { stream });
        const { from, to } = along(stream, await link.open());
        to.socket.write("back");
        assert.equal((await from.receive(4)).toString(), "back");
      },
    },
    {
      title: `latency ${stream} costs time and not throughput: a hundred bytes are in flight together`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("latency", { latency: 100 }, { stream });
        const { from, to } = along(stream, await link.open());
        const startedAtMs = performance.now();
        for (let sent = 0; sent < 100; sent++) {
          from.socket.write(".");
          await new Promise((resolve) => setImmediate(resolve));
        }
        await to.receive(100);
        const tookMs = performance.now() - startedAtMs;
        assert.ok(tookMs >= 100 - ROUNDING_MS, `took ${tookMs} ms`);
        assert.ok(tookMs < 100 * 100, `took ${tookMs} ms, as one after the other would`);
      },
    },
  ];
}

/** The delay of one byte on every connection, for each round. */
async function delaysByRound(pairs: readonly Pair[], stream: Stream): Promise<number[][]> {
  const rounds: number[][] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    rounds.push(
      await Promise.all(
        pairs.map(async (pair) => {
          const { from, to } = along(stream, pair);
          const sentAtMs = performance.now();
          from.socket.write(".");
          await to.receive(round);
          return performance.now() - sentAtMs;
        }),
      ),
    );
  }
  return rounds;
}
