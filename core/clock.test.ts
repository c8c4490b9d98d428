import { describe, expect, it } from "vitest";
import { systemClock } from "./clock.ts";

describe("sleeping", () => {
  it("ends with the signal's own reason when it is aborted, by which an interruption is known", async () => {
    const controller = new AbortController();
    const reason = new Error("Interrupted by SIGINT.");
    const slept = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(slept).rejects.toBe(reason);
  });

  it("does not begin when the signal is aborted already", async () => {
    const reason = new Error("Interrupted before.");
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
