import assert from "node:assert/strict";
import { along, LinkUnderTest, type Stream } from "../link-under-test.ts";
import { endingOf, timeOf } from "../wire.ts";
import type { ConformanceCase } from "./conformance-case.ts";

const DELAY_MS = 200;
/** A timer of the engine and the clock of the test may differ by a rounding. */
const ROUNDING_MS = 1;

/** The toxics that end connections, or delay their end, and whether it is signaled by a FIN or a RST. */
export function endingCases(stream: Stream): readonly ConformanceCase[] {
  return [...limitDataCases(stream), ...timedEndingCases(stream)];
}

function limitDataCases(stream: Stream): readonly ConformanceCase[] {
  return [
    {
      title: `limit_data passes exactly its bytes ${stream}, then FIN`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("limit_data", { bytes: 1_000 }, { stream });
        const { from, to } = along(stream, await link.open());
        for (const part of ["a", "b", "c"]) from.socket.write(part.repeat(400));
        assert.equal(await endingOf(to), "FIN");
        assert.equal(to.received.toString(), "a".repeat(400) + "b".repeat(400) + "c".repeat(200));
      },
    },
    {
      title: `limit_data ${stream} ends at its last byte, without waiting for one more`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("limit_data", { bytes: 5 }, { stream });
        const { from, to } = along(stream, await link.open());
        from.socket.write("12345");
        assert.equal(await endingOf(to), "FIN");
        assert.equal(to.received.toString(), "12345");
      },
    },
    {
      title: `limit_data ${stream} keeps counting when its limit is changed`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("limit_data", { bytes: 1_000 }, { stream });
        const { from, to } = along(stream, await link.open());
        from.socket.write("123");
        await to.receive(3);
        await link.update(`limit_data_${stream}`, { attributes: { bytes: 5 } });
        from.socket.write("456789");
        assert.equal(await endingOf(to), "FIN");
        assert.equal(to.received.toString(), "12345");
      },
    },
  ];
}

function timedEndingCases(stream: Stream): readonly ConformanceCase[] {
  return [
    {
      title: `reset_peer ${stream} ends a new connection by RST at both ends, once its timeout is over`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("reset_peer", { timeout: DELAY_MS }, { stream });
        const startedAtMs = performance.now();
        const { from, to } = along(stream, await link.open());
        from.socket.write("lost");
        const resetAt = timeOf(endingOf(to));
        assert.deepEqual(await Promise.all([endingOf(from), endingOf(to)]), ["RST", "RST"]);
        assert.ok((await resetAt) - startedAtMs >= DELAY_MS - ROUNDING_MS);
        assert.equal(to.received.length, 0);
      },
    },
    {
      title: `slow_close passes data ${stream} at once and holds back the FIN for its delay`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("slow_close", { delay: DELAY_MS }, { stream });
        const { from, to } = along(stream, await link.open());
        const endedAtMs = performance.now();
        from.socket.end("at once");
        const finAt = timeOf(endingOf(to));
        await to.receive(7);
        const dataAtMs = to.reads[0]?.atMs ?? Number.NaN;
        assert.equal(await endingOf(to), "FIN");
        assert.ok((await finAt) - endedAtMs >= DELAY_MS - ROUNDING_MS);
        assert.ok((await finAt) - dataAtMs >= DELAY_MS / 10, "the data came with the FIN");
      },
    },
    {
      title: `timeout ${stream} passes nothing and closes by FIN when its time is over`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("timeout", { timeout: DELAY_MS }, { stream });
        const startedAtMs = performance.now();
        const { from, to } = along(stream, await link.open());
        from.socket.write("lost");
        const endedAt = timeOf(endingOf(to));
        assert.equal(await endingOf(to), "FIN");
        assert.ok((await endedAt) - startedAtMs >= DELAY_MS - ROUNDING_MS);
        assert.equal(to.received.length, 0);
      },
    },
    {
      title: `timeout of 0 ${stream} passes nothing, and does not affect the other direction`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("timeout", { timeout: 0 }, { stream });
        const { from, to } = along(stream, await link.open());
        from.socket.write("silence");
        for (let answered = 1; answered <= 20; answered++) {
          to.socket.write(".");
          await from.receive(answered);
        }
        assert.equal(to.received.length, 0);
      },
    },
  ];
}
