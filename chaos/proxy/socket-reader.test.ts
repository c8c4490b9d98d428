import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReadBuffers } from "./read-buffers.ts";
import { type Reading, SocketReader } from "./socket-reader.ts";
import { Origin, type Peer, Rig, until } from "./test-rig.ts";

const sha = (data: Buffer) => createHash("sha256").update(data).digest("hex");

const random = (sizes: readonly number[]) => sizes.map((size) => randomBytes(size));

/** Sends pieces one after the other, each when the one before it has left this process. */
async function send({ socket }: Peer, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    await new Promise<void>((resolve, reject) =>
      socket.write(piece, (error) => (error ? reject(error) : resolve())),
    );
  }
  socket.end();
}

/** Stops reading after each chunk for one turn of the event loop, so that sent data accumulates. */
function readHaltingly({ socket }: Peer): void {
  socket.on("data", () => {
    socket.pause();
    setImmediate(() => socket.resume());
  });
}

/** Waits until the peer sends no more, although written bytes remain. */
async function stalled({ socket }: Peer): Promise<void> {
  let before = -1;
  await until(() => {
    const leftBytes = socket.writableLength;
    const same = leftBytes === before;
    before = leftBytes;
    return same;
  });
  expect(before).toBeGreaterThan(0);
}

/**
 * From single bytes, over the sizes of the two kinds of reads, to more than the system's own buffers hold.
 */
const pieceSizes = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 2_000 }),
    fc.integer({ min: 15_000, max: 300_000 }),
    fc.constantFrom(16_384, 131_072, 4_000_000),
  ),
  { minLength: 1, maxLength: 8 },
);

/** A reader of a connection on which `sent` arrives; it passes what it reads to `reading`. */
async function readAll(sent: Buffer, buffers: ReadBuffers, reading: Reading): Promise<void> {
  await using origin = await Origin.start();
  const [host = "", port = ""] = origin.address.split(":");
  const reached = origin.next();
  const reader = SocketReader.connect({ host, port: Number(port) }, buffers);
  const ended = once(reader.socket, "end");
  reader.start(reading);
  reader.socket.resume();
  (await reached).socket.end(sent);
  await ended;
  const closed = once(reader.socket, "close");
  reader.socket.destroy();
  await closed;
}

describe("a socket reader", () => {
  it("passes bytes that the receiver may keep in memory that is not reused", async () => {
    const sent = randomBytes(3_000_000);
    const kept: Buffer[] = [];
    await readAll(sent, new ReadBuffers(), {
      push: (bytes) => kept.push(bytes),
      lend: (bytes) => {
        kept.push(Buffer.from(bytes));
        return "free";
      },
    });
    expect(sha(Buffer.concat(kept))).toBe(sha(sent));
  });

  it("lends the buffers of a bulk transfer, and does not reuse them while they are in use", async () => {
    const sent = randomBytes(6_000_000);
    const kept: Buffer[] = [];
    let lent = 0;
    await readAll(sent, new ReadBuffers(), {
      push: (bytes) => kept.push(bytes),
      lend: (bytes) => {
        lent += 1;
        kept.push(bytes);
        return "in-use";
      },
    });
    expect(lent).toBeGreaterThan(0);
    expect(sha(Buffer.concat(kept))).toBe(sha(sent));
  });

  it("does not return a buffer that is still in use when it is closed", async () => {
    const buffers = new ReadBuffers();
    const inUse = new Set<ArrayBufferLike>();
    await readAll(randomBytes(3_000_000), buffers, {
      push: () => undefined,
      lend: (bytes) => {
        inUse.add(bytes.buffer);
        return "in-use";
      },
    });
    const taken = Array.from({ length: 100 }, () => buffers.take().buffer);
    expect(taken.filter((memory) => inUse.has(memory))).toEqual([]);
    expect(inUse.size).toBeGreaterThan(0);
  });

  it("reuses its buffer when it is reclaimed, and returns it when it is closed", async () => {
    const buffers = new ReadBuffers();
    const used = new Set<ArrayBufferLike>();
    await readAll(randomBytes(3_000_000), buffers, {
      push: () => undefined,
      lend: (bytes) => {
        used.add(bytes.buffer);
        return "free";
      },
    });
    expect(used.size).toBe(1);
    expect(used).toContain(buffers.take().buffer);
  });
});

describe("the memory that sockets read into", () => {
  it("is never overwritten before its content was sent, whatever else is read meanwhile", async () => {
    const plans = fc.array(fc.tuple(pieceSizes, pieceSizes), { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(plans, carryAll), { numRuns: 8 });
  });

  it("keeps the data for a slow reader when a toxic closes the connection", async () => {
    await using rig = await Rig.start();
    const { client, server } = await rig.open();
    const sent = randomBytes(64 * 1024 * 1024);
    client.socket.pause();
    server.socket.write(sent);
    await stalled(server);
    await rig.add("limit_data", { bytes: 0 }, { stream: "upstream" });
    client.socket.write("too much");
    await server.ended;
    client.socket.resume();
    await Promise.race([client.ended, client.closed]);
    const { received } = client;
    expect(received.length).toBeGreaterThan(0);
    expect(sha(received)).toBe(sha(sent.subarray(0, received.length)));
  });

  it("is not taken from a connection while another one's peer goes away in the middle of a transfer", async () => {
    await using rig = await Rig.start();
    const [gone, staying] = [await rig.open(), await rig.open()];
    const sent = randomBytes(64 * 1024 * 1024);
    for (const { client, server } of [gone, staying]) {
      client.socket.pause();
      server.socket.end(sent);
      await stalled(server);
    }
    gone.client.socket.resetAndDestroy();
    await gone.server.closed;
    staying.client.socket.resume();
    await staying.client.ended;
    expect(sha(staying.client.received)).toBe(sha(sent));
  });
});

/** Sends the pieces of each plan both ways over a connection of its own, all at once, and compares what arrived. */
async function carryAll(plans: readonly (readonly [readonly number[], readonly number[]])[]): Promise<void> {
  await using rig = await Rig.start();
  const pairs = [];
  for (const [up, down] of plans) pairs.push({ ...(await rig.open()), up: random(up), down: random(down) });
  const transfers = pairs.map(async ({ client, server, up, down }) => {
    for (const peer of [client, server]) readHaltingly(peer);
    await Promise.all([send(client, up), send(server, down), client.ended, server.ended]);
    expect(sha(server.received)).toBe(sha(Buffer.concat(up)));
    expect(sha(client.received)).toBe(sha(Buffer.concat(down)));
  });
  await Promise.all(transfers);
}
