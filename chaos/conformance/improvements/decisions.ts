import type { Engine } from "../engines/engine.ts";
import { LinkUnderTest, type Pair } from "../link-under-test.ts";
import { endingOf } from "../wire.ts";
import type { Improvement } from "./improvement.ts";

/**
 * So many that two series of draws with probability one half are practically never equal by chance (2⁻⁴⁰).
 */
const DRAWN_CONNECTIONS = 40;
const MESSAGE_BYTES = 400;

const SEED: Improvement = {
  statement: "The same seed and traffic produce the same faults, another seed produces others.",
  async observe(engine) {
    const [first, again, other] = [
      await takenBy(engine, 11),
      await takenBy(engine, 11),
      await takenBy(engine, 12),
    ];
    if (first !== again) return { holds: false, seen: "two runs of one seed affected different connections" };
    return first === other
      ? { holds: false, seen: "two seeds affected the same connections" }
      : {
          holds: true,
          seen: "two runs of one seed affected the same connections, another seed affected others",
        };
  },
};

const DRAWN_ONCE: Improvement = {
  statement:
    "Toxicity is drawn once for each connection and toxic: adding or removing another toxic changes nothing.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    await link.add("slicer", { average_size: 20, delay: 10_000 }, { toxicity: 0.5 });
    const pairs = await link.openMany(DRAWN_CONNECTIONS);
    const before = await slicedOnes(pairs, 1);
    await link.add("latency", { latency: 1 });
    await link.remove("latency_downstream");
    const after = await slicedOnes(pairs, 2);
    return before === after
      ? { holds: true, seen: "the same open connections stayed sliced" }
      : { holds: false, seen: "adding and removing a latency toxic sliced other open connections" };
  },
};

const UNTOUCHED: Improvement = {
  statement: "A toxic of toxicity 0 has no effect, not even `reset_peer`.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    await link.add("reset_peer", { timeout: 0 }, { toxicity: 0 });
    const endings = new Set<string>();
    for (const { client, server } of await link.openMany(DRAWN_CONNECTIONS)) {
      client.socket.write("question");
      await server.receive(8);
      server.socket.end("answer");
      endings.add(await endingOf(client));
      client.socket.end();
      endings.add(await endingOf(server));
    }
    return endings.has("RST")
      ? { holds: false, seen: "clean closes became RST" }
      : { holds: [...endings].join() === "FIN", seen: "every clean close stayed a FIN" };
  },
};

export const DECISIONS: readonly Improvement[] = [SEED, DRAWN_ONCE, UNTOUCHED];

/** Which of the connections a toxic of toxicity 0.5 affects, as a text of 0 and 1. */
async function takenBy(engine: Engine, seed: number): Promise<string> {
  await using started = await engine.start({ seed });
  // The proxy's name is part of the draw, so it must be the same in each run.
  await using link = await LinkUnderTest.create(started, { name: "drawn" });
  await link.add("limit_data", { bytes: 0 }, { stream: "upstream", toxicity: 0.5 });
  let taken = "";
  for (const { client, server } of await link.openMany(DRAWN_CONNECTIONS)) {
    client.socket.end("x");
    await endingOf(server);
    taken += server.received.length === 0 ? "1" : "0";
  }
  return taken;
}

/** Which connections cut a message into slices: it arrives in many reads, otherwise in one. */
async function slicedOnes(pairs: readonly Pair[], messages: number): Promise<string> {
  const sliced = await Promise.all(
    pairs.map(async ({ client, server }) => {
      const before = client.reads.length;
      server.socket.write(Buffer.alloc(MESSAGE_BYTES));
      await client.receive(messages * MESSAGE_BYTES);
      return client.reads.length - before > 1 ? "1" : "0";
    }),
  );
  return sliced.join("");
}
