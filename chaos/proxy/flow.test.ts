import { once } from "node:events";
import { expect, it } from "vitest";
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
