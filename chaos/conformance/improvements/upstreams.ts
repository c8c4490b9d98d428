import { LinkUnderTest } from "../link-under-test.ts";
import { endingOf, within } from "../wire.ts";
import { BlockedListener } from "./blocked-listener.ts";
import type { Improvement } from "./improvement.ts";

/** kanit's proxy gives up connecting after five seconds. */
const DIAL_LIMIT_MS = 10_000;
const AT_ONCE_MS = 3_000;
const DELAY_MS = 150;

const DEAD_UPSTREAM: Improvement = {
  statement: "A client whose upstream is dead gets an error, and not the clean end of an empty answer.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started, { upstream: "127.0.0.1:9" });
    const ending = await endingOf(link.dial());
    return { holds: ending === "RST" || ending === "ECONNREFUSED", seen: ending };
  },
};

const SILENT_UPSTREAM: Improvement = {
  statement: "Dialing an upstream that never answers ends in time: the client is disconnected.",
  async observe(engine) {
    await using blocked = await BlockedListener.start();
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started, { upstream: blocked.address });
    const ending = await within(DIAL_LIMIT_MS, endingOf(link.dial()));
    return ending === "nothing"
      ? { holds: false, seen: `connected without data for more than ${DIAL_LIMIT_MS / 1_000} s` }
      : { holds: ending === "RST", seen: `${ending} when its dial timeout was over` };
  },
};

const CHANGE_WHILE_DIALLING: Improvement = {
  statement: "A link whose upstream never answers can be pointed elsewhere at once.",
  async observe(engine) {
    await using blocked = await BlockedListener.start();
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started, { upstream: blocked.address });
    const waiting = link.dial();
    waiting.socket.write(".");
    // The proxy begins to connect once it has accepted the client's connection.
    await within(300, waiting.closed);
    const changed = link.patch({ upstream: link.origin.address }).then(() => "changed");
    changed.catch(() => undefined); // The engine is stopped with the call still open.
    const answer = await within(AT_ONCE_MS, changed);
    return answer === "changed"
      ? { holds: true, seen: "changed" }
      : { holds: false, seen: `no answer of the control API within ${AT_ONCE_MS / 1_000} s` };
  },
};

const CONNECTING: Improvement = {
  statement:
    "Connecting itself can have a fault: delayed, hanging or refused, while open connections continue.",
  async observe(engine) {
    await using started = await engine.start();
    await using link = await LinkUnderTest.create(started);
    const { status, text } = await link.call("POST", "/toxics", { type: "connect_refuse" });
    if (status !== 200) return { holds: false, seen: (JSON.parse(text) as { readonly error: string }).error };
    const refused = await link.dial().closed;
    await link.remove("connect_refuse_downstream");
    const open = await link.open();
    await link.add("connect_hang");
    const hanging = link.dial();
    hanging.socket.write("hello");
    open.client.socket.write("alive");
    await open.server.receive(5);
    const reached = link.origin.next();
    await link.add("connect_delay", { delay: DELAY_MS });
    const letGoAtMs = performance.now();
    await link.remove("connect_hang_downstream");
    const hello = (await (await reached).receive(5)).toString();
    const delayed = link.origin.next();
    const dialledAtMs = performance.now();
    link.dial();
    await delayed;
    const waited = performance.now() - dialledAtMs >= DELAY_MS - 1 && dialledAtMs >= letGoAtMs;
    const holds = refused === "ECONNREFUSED" && hello === "hello" && waited;
    return { holds, seen: `${refused}, then hanging until released, then connected after its delay` };
  },
};

export const UPSTREAMS: readonly Improvement[] = [
  DEAD_UPSTREAM,
  SILENT_UPSTREAM,
  CHANGE_WHILE_DIALLING,
  CONNECTING,
];
