import { expect, it } from "vitest";
import { startMetronome } from "./metronome.ts";

it("wakes never before its time, once for each setting, at the time set last", async () => {
  const metronome = await startMetronome();
  try {
    const woken: string[] = [];
    metronome.set(3_600_000, () => woken.push("replaced"));
    for (let round = 0; round < 20; round++) {
      const dueAtMs = performance.now() + 1;
      const wokenAtMs = await new Promise<number>((resolve) => {
        metronome.set(1, () => {
          woken.push("due");
          resolve(performance.now());
        });
      });
      expect(wokenAtMs).toBeGreaterThanOrEqual(dueAtMs);
    }
    expect(woken).toEqual(Array.from({ length: 20 }, () => "due"));
  } finally {
    metronome.stop();
  }
});
