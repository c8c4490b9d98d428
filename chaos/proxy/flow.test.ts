import { once } from "node:events";
import { expect, it } from "vitest";
import type { LongWork } from "./fair-loop.ts";
import { Flow } from "./flow.ts";
import { latency } from "./leases/testing/lease-rig.ts";
import { ReadBuffers } from "./read-buffers.ts";
import { SocketReader } from "./socket-reader.ts";
import { ENDLESS_TURN, Origin } from "./test-rig.ts";
import { MAX_TOXICS } from "./toxic-chain.ts";

/** More than the system buffers for a peer that does not read. */
const TOO_MUCH_BYTES = 64 * 1024 * 1024;

it("a flow reports how long it needs a lent chunk, and copies what has to wait behind it", async () => {
  await using origin = await Origin.start();
  const [host = "", port = ""] = origin.address.split(":");
  const reached = origin.next();
  const reader = SocketReader.connect({ host, port: Number(port) }, new ReadBuffers());
  const { socket } = reader;
  await once(socket, "connect");
  const peer = await reached;
  peer.socket.pause();
  const flow = new Flow({
    source: reader,
    destination: socket,
    loop: ENDLESS_TURN,
    watch: null,
    startStage: () => expect.unreachable("there are no toxics"),
    isAffected: () => false,
    onEnding: (ending) => expect.unreachable(`nothing ends it by a ${ending}`),
  });

  expect(flow.lend(Buffer.from("taken at once"))).toBe("free");
  expect(flow.lend(Buffer.alloc(TOO_MUCH_BYTES))).toBe("in-use");
  const behind = Buffer.from("behind");
  expect(flow.lend(behind)).toBe("free");
  behind.fill("?");
  const drained = once(socket, "drain");
  peer.socket.resume();
  await drained;
  expect(flow.lend(Buffer.from("taken again"))).toBe("free");

  const received = await peer.receive(13 + TOO_MUCH_BYTES + 6 + 11);
  expect(received.subarray(-17).toString()).toBe("behindtaken again");
  socket.destroy();
});

it("a flow without toxics leaves the event loop to others when the turn's time is over", async () => {
  await using origin = await Origin.start();
  const [host = "", port = ""] = origin.address.split(":");
  const reached = origin.next();
  const buffers = new ReadBuffers();
  const reader = SocketReader.connect({ host, port: Number(port) }, buffers);
  const { socket } = reader;
  await once(socket, "connect");
  let hasTime = false;
  const waiting: LongWork[] = [];
  const flow = new Flow({
    source: reader,
    destination: socket,
    loop: { hasTime: () => hasTime, enqueue: (work) => waiting.push(work), cancel: () => undefined },
    watch: null,
    startStage: () => expect.unreachable("there are no toxics"),
    isAffected: () => false,
    onEnding: (ending) => expect.unreachable(`nothing ends it by a ${ending}`),
  });
  const buffer = buffers.take();
  expect(flow.lend(buffer.subarray(0, 100_000).fill("a"))).toBe("kept");
  const small = Buffer.from("small");
  expect(flow.lend(small)).toBe("free");
  small.fill("?");
  expect([socket.isPaused(), socket.bytesWritten, waiting]).toEqual([true, 0, [flow]]);

  hasTime = true;
  flow.proceed();
  const received = await (await reached).receive(100_005);
  expect(received.toString("latin1", 99_999)).toBe("asmall");
  expect(socket.isPaused()).toBe(false);
  socket.destroy();
});

it("a flow starts and ends the stages of single toxics without looking at the others again", async () => {
  await using origin = await Origin.start();
  const [host = "", port = ""] = origin.address.split(":");
  const reader = SocketReader.connect({ host, port: Number(port) }, new ReadBuffers());
  await once(reader.socket, "connect");
  let asked = 0;
  let started = 0;
  let released = 0;
  let measured = 0;
  const flow = new Flow({
    source: reader,
    destination: reader.socket,
    loop: ENDLESS_TURN,
    watch: null,
    startStage: (_toxic, { emit }) => {
      started += 1;
      return {
        get heldBytes() {
          measured += 1;
          return 0;
        },
        push: emit,
        update: () => undefined,
        release: () => {
          released += 1;
        },
        discard: () => undefined,
      };
    },
    isAffected: () => {
      asked += 1;
      return true;
    },
    onEnding: (ending) => expect.unreachable(`nothing ends it by a ${ending}`),
  });
  const toxics = Array.from({ length: MAX_TOXICS }, (_, index) => latency(`t${index}`));
  for (const toxic of toxics) flow.addToxics([toxic]);
  expect([asked, started, measured]).toEqual([MAX_TOXICS, MAX_TOXICS, MAX_TOXICS]);
  for (const toxic of toxics) flow.removeToxics(new Set([toxic]));
  expect([asked, released, measured]).toEqual([MAX_TOXICS, MAX_TOXICS, 2 * MAX_TOXICS]);
  reader.socket.destroy();
});
