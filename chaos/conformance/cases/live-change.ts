import assert from "node:assert/strict";
import { callControl } from "../control-call.ts";
import { along, LinkUnderTest, type Stream } from "../link-under-test.ts";
import { endingOf, until } from "../wire.ts";
import { assertCarries } from "./carrying.ts";
import type { ConformanceCase } from "./conformance-case.ts";

const HOUR_MS = 3_600_000;
const DRAWN_CONNECTIONS = 100;

/**
 * Toxics that are added, changed and removed on open connections, and toxics that affect only some
 * connections.
 */
export function liveChangeCases(stream: Stream): readonly ConformanceCase[] {
  return [
    {
      title: `a toxic added ${stream} applies to connections that are already open`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        const { from, to } = along(stream, await link.open());
        from.socket.write("quick");
        await to.receive(5);
        await link.add("latency", { latency: 100 }, { stream });
        const sentAtMs = performance.now();
        from.socket.write("slow");
        await to.receive(9);
        assert.ok(performance.now() - sentAtMs >= 99);
      },
    },
    {
      title: `a changed toxic ${stream} applies to the data that it already holds`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("latency", { latency: HOUR_MS }, { stream });
        const { from, to } = along(stream, await link.open());
        from.socket.write("held");
        await roundTrip(to, from);
        assert.equal(to.received.length, 0);
        await link.update(`latency_${stream}`, { attributes: { latency: 1 } });
        assert.equal((await to.receive(4)).toString(), "held");
      },
    },
    {
      title: `a removed toxic ${stream} releases the data that it held, and applies to nothing more`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("latency", { latency: HOUR_MS }, { stream });
        const { from, to } = along(stream, await link.open());
        from.socket.write("held ");
        await roundTrip(to, from);
        await link.remove(`latency_${stream}`);
        from.socket.write("free");
        assert.equal((await to.receive(9)).toString(), "held free");
      },
    },
    {
      title: `toxics ${stream} apply one after the other`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("latency", { latency: 80 }, { stream });
        await link.add("limit_data", { bytes: 3 }, { stream });
        const { from, to } = along(stream, await link.open());
        const sentAtMs = performance.now();
        from.socket.write("12345");
        assert.equal(await endingOf(to), "FIN");
        assert.ok((to.reads[0]?.atMs ?? 0) - sentAtMs >= 79);
        assert.equal(to.received.toString(), "123");
      },
    },
    {
      title: `a toxicity of 0.5 ${stream} applies to about half of the connections, 0 to none and 1 to all`,
      async run(engine) {
        // 25 to 75 of 100 is five standard deviations either way.
        for (const [toxicity, least, most] of [
          [0, 0, 0],
          [0.5, 25, 75],
          [1, 100, 100],
        ] as const) {
          await using link = await LinkUnderTest.create(engine);
          await link.add("limit_data", { bytes: 0 }, { stream, toxicity });
          let taken = 0;
          for (const pair of await link.openMany(DRAWN_CONNECTIONS)) {
            const { from, to } = along(stream, pair);
            from.socket.end(".");
            await endingOf(to);
            if (to.received.length === 0) taken += 1;
          }
          assert.ok(
            taken >= least && taken <= most,
            `toxicity ${toxicity} took ${taken} of ${DRAWN_CONNECTIONS}`,
          );
        }
      },
    },
  ];
}

/** Resets everything at once. It affects every link, so it needs an engine of its own. */
export const RESET: ConformanceCase = {
  title: "reset enables every link and removes every toxic, live connections included",
  async run(engine) {
    await using slow = await LinkUnderTest.create(engine);
    await using down = await LinkUnderTest.create(engine);
    await slow.add("latency", { latency: HOUR_MS });
    await slow.add("latency", { latency: HOUR_MS }, { stream: "upstream" });
    await down.patch({ enabled: false });
    const { client, server } = await slow.open();
    server.socket.write("held");
    client.socket.write("held");
    assert.equal((await callControl(engine.url, { method: "POST", path: "/reset" })).status, 204);
    assert.equal((await client.receive(4)).toString(), "held");
    assert.equal((await server.receive(4)).toString(), "held");
    await assertCarries(slow);
    await assertCarries(down);
    await until(async () => (await slow.call("GET", "/toxics")).text === "[]");
  },
};

/** One byte from one end to the other, after which everything sent before it has been processed. */
async function roundTrip(
  from: { socket: { write(data: string): unknown } },
  to: { receive(count: number): Promise<unknown> },
) {
  from.socket.write(".");
  await to.receive(1);
}
