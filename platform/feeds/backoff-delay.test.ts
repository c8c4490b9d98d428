import fc from "fast-check";
import { expect, it } from "vitest";
import { reconnectDelayMs } from "./backoff-delay.ts";

it("reconnects almost at once the first time, then with growing delays up to 5 s", () => {
  const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(100), anyRandom, (failures, random) => {
      const delayMs = reconnectDelayMs(failures, random);
      expect(delayMs).toBeGreaterThanOrEqual(failures === 0 ? 0 : 50);
      expect(delayMs).toBeLessThanOrEqual(failures === 0 ? 20 : Math.min(5_000, 100 * 2 ** failures));
    }),
  );
});
