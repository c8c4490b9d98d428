import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { callControl } from "../control-call.ts";
import type { StartedEngine } from "../engines/engine.ts";
import { LinkUnderTest, type Stream } from "../link-under-test.ts";
import { endingOf, until } from "../wire.ts";
import type { ConformanceCase } from "./conformance-case.ts";

const BULK_BYTES = 2_000_000;
const sha256 = (data: Buffer) => createHash("sha256").update(data).digest("hex");

/** The behavior of a link without toxics. */
export const CARRYING: readonly ConformanceCase[] = [
  {
    title: "a link carries every byte both ways at once, in order",
    async run(engine) {
      await using link = await LinkUnderTest.create(engine);
      const { client, server } = await link.open();
      const [up, down] = [randomBytes(BULK_BYTES), randomBytes(BULK_BYTES)];
      client.socket.write(up);
      server.socket.write(down);
      assert.equal(sha256(await server.receive(up.length)), sha256(up));
      assert.equal(sha256(await client.receive(down.length)), sha256(down));
    },
  },
  {
    title: "a link forwards a FIN after the last byte, in both directions",
    async run(engine) {
      await using link = await LinkUnderTest.create(engine);
      const first = await link.open();
      first.server.socket.end("the last words");
      assert.equal(await endingOf(first.client), "FIN");
      assert.equal(first.client.received.toString(), "the last words");
      const second = await link.open();
      second.client.socket.end("goodbye");
      assert.equal(await endingOf(second.server), "FIN");
      assert.equal(second.server.received.toString(), "goodbye");
    },
  },
  {
    title: "a disabled link cuts open connections, refuses new ones, and returns on the same port",
    async run(engine) {
      await using link = await LinkUnderTest.create(engine);
      const { client, server } = await link.open();
      await link.patch({ enabled: false });
      assert.deepEqual(await Promise.all([endingOf(client), endingOf(server)]), ["FIN", "FIN"]);
      assert.equal(await link.dial().closed, "ECONNREFUSED");
      await link.patch({ enabled: true });
      await assertCarries(link);
    },
  },
  {
    title:
      "a link with a changed upstream connects new connections to it, on the same port, and cuts the open ones",
    async run(engine) {
      await using link = await LinkUnderTest.create(engine);
      await using other = await LinkUnderTest.create(engine);
      const { client } = await link.open();
      await link.patch({ upstream: other.origin.address });
      assert.equal(await endingOf(client), "FIN");
      const reached = other.origin.next();
      link.dial().socket.write("hello");
      assert.equal((await (await reached).receive(5)).toString(), "hello");
    },
  },
  {
    title: "a removed link refuses connections",
    async run(engine) {
      await using link = await LinkUnderTest.create(engine);
      assert.equal((await link.call("DELETE", "")).status, 204);
      assert.equal(await link.dial().closed, "ECONNREFUSED");
    },
  },
  {
    title: "the metrics count a closed connection's bytes by direction, proxy, listener and upstream",
    async run(engine) {
      await using link = await LinkUnderTest.create(engine);
      const { client, server } = await link.open();
      client.socket.write("12345");
      await server.receive(5);
      server.socket.write("123");
      await client.receive(3);
      server.socket.end();
      client.socket.end();
      await until(async () => {
        const counted = await Promise.all([
          counter(engine, link, "received", "upstream"),
          counter(engine, link, "sent", "upstream"),
          counter(engine, link, "received", "downstream"),
          counter(engine, link, "sent", "downstream"),
        ]);
        return counted.join() === "5,5,3,3";
      });
    },
  },
];

/** A request and its answer pass through. */
export async function assertCarries(link: LinkUnderTest): Promise<void> {
  const { client, server } = await link.open();
  client.socket.write("question");
  assert.equal((await server.receive(8)).toString(), "question");
  server.socket.write("answer");
  assert.equal((await client.receive(6)).toString(), "answer");
}

/** The link's byte counter, or undefined when the metrics do not contain it. */
export async function counter(
  engine: StartedEngine,
  link: LinkUnderTest,
  way: "received" | "sent",
  direction: Stream,
): Promise<number | undefined> {
  const { text } = await callControl(engine.url, { method: "GET", path: "/metrics" });
  const { name, listen, origin } = link;
  const labels = `direction="${direction}",listener="${listen}",proxy="${name}",upstream="${origin.address}"`;
  const series = `toxiproxy_proxy_${way}_bytes_total{${labels}} `;
  const line = text.split("\n").find((candidate) => candidate.startsWith(series));
  return line === undefined ? undefined : Number(line.slice(series.length));
}
