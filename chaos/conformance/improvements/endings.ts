import { LinkUnderTest } from "../link-under-test.ts";
import { endingOf, within } from "../wire.ts";
import type { Improvement } from "./improvement.ts";

/** What happens immediately happens within this time, even on a busy machine; what does not never happens. */
const AT_ONCE_MS = 3_000;

const RESET_WHEN_IDLE: Improvement = {
  statement: "`reset_peer` resets connections that are open and idle, at once.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    const { client, server } = await link.open();
    await link.add("reset_peer", { timeout: 0 });
    const idle = await within(AT_ONCE_MS, endingOf(client));
    if (idle !== "nothing") return { holds: idle === "RST", seen: `${idle} while idle` };
    server.socket.write("data");
    return { holds: false, seen: `nothing while idle, and ${await endingOf(client)} when data came` };
  },
};

const HALF_CLOSE: Improvement = {
  statement: "A half-close is forwarded, and so is the reply after it.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    const { client, server } = await link.open();
    client.socket.end("question");
    await endingOf(server);
    server.socket.end("answer");
    const ending = await endingOf(client);
    const reply = client.received.toString();
    return reply === "answer"
      ? { holds: ending === "FIN", seen: `the reply, then ${ending}` }
      : { holds: false, seen: `no reply, and ${ending}` };
  },
};

const TIMEOUT_REMOVED: Improvement = {
  statement: "Removing `timeout` releases the bytes that it held.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    await link.add("timeout", { timeout: 0 });
    const { client, server } = await link.open();
    server.socket.write("held");
    client.socket.write(".");
    await server.receive(1);
    await link.remove("timeout_downstream");
    const came = await Promise.race([client.receive(4).then(() => "data"), endingOf(client)]);
    if (came !== "data")
      return { holds: false, seen: `the held bytes were lost and the connection closed (${came})` };
    const data = client.received.toString();
    return {
      holds: data === "held",
      seen: data === "held" ? "the held bytes arrived" : `other bytes arrived: ${data}`,
    };
  },
};

const TIMEOUT_DESPITE_DATA: Improvement = {
  statement: "`timeout` closes when its time is over, however much data is sent during that time.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    await link.add("timeout", { timeout: 1_000 });
    const { client, server } = await link.open();
    const sending = setInterval(() => server.socket.write("."), 20);
    const ending = await within(AT_ONCE_MS, endingOf(client));
    clearInterval(sending);
    return ending === "nothing"
      ? { holds: false, seen: "it stays open as long as data arrives more often than the timeout" }
      : { holds: ending === "FIN", seen: `${ending} after its time` };
  },
};

const SLICE_SIZES: Improvement = {
  statement: "`slicer` cuts slices of average ± variation, except the last one.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    await link.add("slicer", { average_size: 1_000, size_variation: 100, delay: 20_000 });
    const { client, server } = await link.open();
    server.socket.write(Buffer.alloc(20_000));
    await client.receive(20_000);
    // Two slices read at once are larger, never smaller; so only smaller reads prove the slicer's effect.
    const small = client.reads.slice(0, -1).filter(({ data }) => data.length < 900);
    return small.length > 0
      ? { holds: false, seen: "it halves until the halves fit, which makes slices below average − variation" }
      : { holds: client.reads.length > 1, seen: "no slice below average − variation" };
  },
};

export const ENDINGS: readonly Improvement[] = [
  RESET_WHEN_IDLE,
  HALF_CLOSE,
  TIMEOUT_REMOVED,
  TIMEOUT_DESPITE_DATA,
  SLICE_SIZES,
];
