import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { ClockStepper } from "./clock-stepper.ts";

const STEP_MS = 60_000;

/** A platform whose answers have this date, ahead of the machine's clock; null: none. */
async function platformDated(aheadMs: (offsetMs: number) => number | null) {
  let offsetMs = 0;
  let answers = 0;
  const offsets: number[] = [];
  const server = createServer((_, response) => {
    answers += 1;
    response.sendDate = false;
    const ahead = aheadMs(offsetMs);
    if (ahead !== null) response.setHeader("Date", new Date(Date.now() + ahead).toUTCString());
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const set = async (next: number) => {
    offsetMs = next;
    offsets.push(next);
  };
  const stopping = new AbortController().signal;
  const stepper = new ClockStepper({ set, url: () => `http://127.0.0.1:${port}`, stopping });
  return {
    stepper,
    offsets,
    /** The answers that had been given in full when another one was asked for. */
    answered: () => Math.max(0, answers - 1),
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

describe("a stepped clock", () => {
  it("is seen when the answers have its time, and set back when it is restored", async () => {
    await using platform = await platformDated((offsetMs) => offsetMs);
    const stepped = await platform.stepper.step(STEP_MS);
    await expect.poll(() => stepped.sight(), { timeout: 15_000 }).toBe("seen");
    await stepped.restore();
    expect(stepped.sight()).toBe("seen");
    expect(platform.offsets).toEqual([STEP_MS, 0]);
  });

  it("is unseen when the answers have the machine's time: then nothing was stepped", async () => {
    await using platform = await platformDated(() => 0);
    const stepped = await platform.stepper.step(-STEP_MS);
    await expect.poll(() => stepped.sight(), { timeout: 15_000 }).toBe("unseen");
    await stepped.restore();
    expect(stepped.sight()).toBe("unseen");
  });

  it("is not known when the answers have no time", async () => {
    await using platform = await platformDated(() => null);
    const stepped = await platform.stepper.step(STEP_MS);
    await expect.poll(() => platform.answered(), { timeout: 15_000 }).toBeGreaterThan(0);
    await stepped.restore();
    expect(stepped.sight()).toBe("undated");
  });
});
