import assert from "node:assert/strict";
import type { Peer } from "../../proxy/test-rig.ts";
import { along, LinkUnderTest, type Stream } from "../link-under-test.ts";
import { quantile } from "../wire.ts";
import type { ConformanceCase } from "./conformance-case.ts";

const RATE_KB_PER_S = 2_000;
const BULK_BYTES = 4_000_000;
const TOLERANCE = 0.05;

const MESSAGE_BYTES = 5_000;
const AVERAGE_BYTES = 500;
const VARIATION_BYTES = 100;
const SLICE_DELAY_US = 10_000;
const MESSAGES = 3;

/** The toxics that spread bytes over time: `bandwidth` and `slicer`. */
export function pacingCases(stream: Stream): readonly ConformanceCase[] {
  return [
    {
      title: `bandwidth carries its rate ${stream} within 5 %`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("bandwidth", { rate: RATE_KB_PER_S }, { stream });
        const { from, to } = along(stream, await link.open());
        const sentAtMs = performance.now();
        from.socket.write(Buffer.alloc(BULK_BYTES));
        await to.receive(BULK_BYTES);
        assert.equal(to.received.length, BULK_BYTES);
        const error = rateError(to, sentAtMs);
        assert.ok(Math.abs(error) <= TOLERANCE, `${(100 * error).toFixed(1)} % off ${RATE_KB_PER_S} KB/s`);
      },
    },
    {
      title: `bandwidth of 0 ${stream} passes nothing, and continues at the same byte when it is raised`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        await link.add("bandwidth", { rate: 0 }, { stream });
        const { from, to } = along(stream, await link.open());
        from.socket.write("held");
        to.socket.write("back");
        await from.receive(4);
        assert.equal(to.received.length, 0);
        await link.update(`bandwidth_${stream}`, { attributes: { rate: 1_000 } });
        assert.equal((await to.receive(4)).toString(), "held");
      },
    },
    {
      title: `slicer cuts ${stream} into slices of at most average + variation, with its delay between them`,
      async run(engine) {
        await using link = await LinkUnderTest.create(engine);
        const attributes = { average_size: AVERAGE_BYTES, size_variation: VARIATION_BYTES };
        await link.add("slicer", { ...attributes, delay: SLICE_DELAY_US }, { stream });
        const { from, to } = along(stream, await link.open());
        for (let sent = 1; sent <= MESSAGES; sent++) {
          const message = Buffer.alloc(MESSAGE_BYTES, "0123456789");
          const [firstRead, sentAtMs] = [to.reads.length, performance.now()];
          from.socket.write(message);
          await to.receive(sent * MESSAGE_BYTES);
          assert.deepEqual(Buffer.concat(to.reads.slice(firstRead).map(({ data }) => data)), message);
          const delays = Math.ceil(MESSAGE_BYTES / (AVERAGE_BYTES + VARIATION_BYTES)) - 1;
          const tookMs = performance.now() - sentAtMs;
          assert.ok(tookMs >= (delays * SLICE_DELAY_US) / 1_000 - 1, `${delays} delays took ${tookMs} ms`);
        }
        // A delayed reader receives two slices at once, but not half of the time with this much time between
        // them.
        const medianBytes = quantile(
          to.reads.map(({ data }) => data.length),
          0.5,
        );
        assert.ok(medianBytes <= AVERAGE_BYTES + VARIATION_BYTES, `median slice: ${medianBytes} bytes`);
      },
    },
  ];
}

/**
 * The relative error of the rate: 0.08 is 8 % too fast. Each read is compared with the time at which
 * its bytes were due at the true rate. A busy machine only delays reads, and both engines catch up,
 * so the earliest read of the first quarter and that of the last were on time: their difference
 * shows the error of the rate.
 */
function rateError(peer: Peer, sentAtMs: number): number {
  let bytes = 0;
  const reads = peer.reads.map(({ data, atMs }) => {
    bytes += data.length;
    return { dueMs: bytes / RATE_KB_PER_S, lateMs: atMs - sentAtMs - bytes / RATE_KB_PER_S };
  });
  const wholeMs = bytes / RATE_KB_PER_S;
  const first = calmest(reads.filter(({ dueMs }) => dueMs <= wholeMs / 4));
  const last = calmest(reads.filter(({ dueMs }) => dueMs > (3 * wholeMs) / 4));
  return (first.lateMs - last.lateMs) / (last.dueMs - first.dueMs);
}

interface PacedRead {
  /** When its last byte was due after the sending, at the true rate. */
  readonly dueMs: number;
  readonly lateMs: number;
}

function calmest(reads: readonly PacedRead[]): PacedRead {
  return reads.reduce((best, read) => (read.lateMs < best.lateMs ? read : best), {
    dueMs: Number.NaN,
    lateMs: Number.POSITIVE_INFINITY,
  });
}
