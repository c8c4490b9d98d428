import { once } from "node:events";
import type { Socket } from "node:net";
import { counter } from "../cases/carrying.ts";
import { callControl } from "../control-call.ts";
import { LinkUnderTest } from "../link-under-test.ts";
import { within } from "../wire.ts";
import type { Improvement } from "./improvement.ts";

const AT_ONCE_MS = 3_000;
/** A buffer that was not emptied for this long will not be emptied any more. */
const FULL_AFTER_MS = 1_000;

const LIVE_COUNTERS: Improvement = {
  statement: "The byte counters count while a connection is open.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    const { client, server } = await link.open();
    client.socket.write("12345");
    await server.receive(5);
    const counted = await counter(started, link, "received", "upstream");
    return counted === 5
      ? { holds: true, seen: "five bytes counted" }
      : { holds: false, seen: "nothing counted before the connection closes" };
  },
};

const POPULATE: Improvement = {
  statement: "`/populate` sets exactly the requested state: no stale toxic, enabled again.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    await link.add("timeout");
    await link.patch({ enabled: false });
    const { name, listen, origin } = link;
    const body = JSON.stringify([{ name, listen, upstream: origin.address, enabled: true }]);
    const { status } = await callControl(started.url, { method: "POST", path: "/populate", body });
    const { text } = await link.call("GET", "");
    const { enabled, toxics } = JSON.parse(text) as { enabled: boolean; toxics: readonly unknown[] };
    return {
      holds: status === 201 && enabled && toxics.length === 0,
      seen: `answered ${status}: ${enabled ? "enabled" : "still disabled"}, ${toxics.length === 0 ? "no toxic" : "the stale toxic kept"}`,
    };
  },
};

const REMOVE_WHILE_BLOCKED: Improvement = {
  statement: "A toxic can be removed while its client reads nothing, and the control API keeps answering.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    await link.add("latency", { latency: 1 });
    const { client, server } = await link.open();
    client.socket.pause();
    await fill(server.socket);
    const removed = link.remove("latency_downstream").then(() => "removed");
    removed.catch(() => undefined); // The engine is stopped with the call still open.
    const answer = await within(AT_ONCE_MS, removed);
    const listed = link.call("GET", "");
    listed.catch(() => undefined);
    const alive = (await within(AT_ONCE_MS, listed)) !== "nothing";
    if (answer === "removed") return { holds: alive, seen: alive ? "removed" : "removed, then silent" };
    const seconds = AT_ONCE_MS / 1_000;
    return { holds: false, seen: `no answer within ${seconds} s${alive ? "" : ", nor to GET of the proxy"}` };
  },
};

const SURVIVES: Improvement = {
  statement: "A bandwidth below 0 is refused, and does not end the proxy.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    const request = { type: "bandwidth", attributes: { rate: -5 }, stream: "downstream" };
    const { status } = await link.call("POST", "/toxics", request);
    const { client, server } = await link.open();
    server.socket.write("data");
    const came = client.receive(4).then(() => "data");
    const outcome = await within(AT_ONCE_MS, Promise.race([came, started.exited.then(() => "exit")]));
    return outcome === "data"
      ? { holds: status === 400, seen: `${status}, and data still passes` }
      : { holds: false, seen: `${status}, and the whole process crashes on the first data` };
  },
};

/** The first of the ports that Linux uses for outgoing connections. */
const FIRST_OUTGOING_PORT = 32_768;

const FREE_PORTS: Improvement = {
  statement:
    "A link that may listen on any port has one that no outgoing connection can take while the link is disabled (20000 to 32767).",
  async observe(engine) {
    await using started = await engine.start();
    const ports: number[] = [];
    for (let count = 0; count < 20; count++) {
      await using link = await LinkUnderTest.create(started);
      ports.push(Number(link.listen.split(":")[1]));
    }
    return ports.every((port) => port >= 20_000 && port < FIRST_OUTGOING_PORT)
      ? { holds: true, seen: "every port was below those of outgoing connections" }
      : { holds: false, seen: "ports from the range of outgoing connections" };
  },
};

const FIELDS: Improvement = {
  statement: "A proxy's JSON has its five fields and no more.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    const { text } = await link.call("GET", "");
    const known = ["name", "listen", "upstream", "enabled", "toxics"];
    const others = Object.keys(JSON.parse(text) as object).filter((field) => !known.includes(field));
    return others.length === 0
      ? { holds: true, seen: "five fields" }
      : { holds: false, seen: `a field ${others.map((field) => `\`${field}\``).join()} as well` };
  },
};

const ERROR_TYPE: Improvement = {
  statement: "An error's body is JSON, with that content type.",
  async observe(engine) {
    await using started = await engine.start();
    const { contentType } = await callControl(started.url, { method: "GET", path: "/proxies/nowhere" });
    return { holds: contentType === "application/json", seen: `\`${contentType}\`` };
  },
};

export const CONTROL: readonly Improvement[] = [
  LIVE_COUNTERS,
  POPULATE,
  REMOVE_WHILE_BLOCKED,
  SURVIVES,
  FREE_PORTS,
  FIELDS,
  ERROR_TYPE,
];

/** Writes until every buffer on the way is full. */
async function fill(socket: Socket): Promise<void> {
  const chunk = Buffer.alloc(64 * 1024);
  let stuck = false;
  while (!stuck) {
    if (socket.write(chunk)) continue;
    stuck = (await within(FULL_AFTER_MS, once(socket, "drain"))) === "nothing";
  }
}
