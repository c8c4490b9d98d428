import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../core/index.ts";
import { type ListenKeyMode, ListenKeys } from "./listen-keys.ts";

const HOUR_MS = 3_600_000;

function keys(mode: ListenKeyMode = "served") {
  const clock = { ms: 0 };
  const lives: string[] = [];
  const held = new ListenKeys(
    mode,
    { nowMs: () => clock.ms, monotonicMs: () => clock.ms, sleep: () => Promise.resolve() },
    seededRandom(1),
    (key) => {
      lives.push(`begins ${key}`);
      return () => lives.push(`ends ${key}`);
    },
  );
  return { clock, held, lives };
}

describe("a listen key", () => {
  it("is the same for the account, with 64 letters and digits, while it is valid", () => {
    const { held } = keys();
    const key = held.start();
    expect(key).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(held.start()).toBe(key);
    expect(held.active).toBe(key);
  });

  it("is valid for an hour after it was last requested or kept alive", () => {
    const { clock, held, lives } = keys();
    const key = held.start();
    clock.ms = HOUR_MS - 1;
    held.keepAlive(key);
    clock.ms = 2 * HOUR_MS - 2;
    expect(held.active).toBe(key);
    clock.ms = 2 * HOUR_MS - 1;
    held.expire();
    expect(lives).toEqual([`begins ${key}`, `ends ${key}`]);
    expect(() => held.keepAlive(key)).toThrow("This listenKey does not exist.");
  });

  it("is a new one after it was closed", () => {
    const { held } = keys();
    const key = held.start();
    held.close(key);
    expect(held.active).toBeUndefined();
    expect(held.start()).not.toBe(key);
    expect(() => held.close(key)).toThrow("This listenKey does not exist.");
  });

  it("is no longer issued once they are retired", () => {
    const { held } = keys("retired");
    expect(() => held.start()).toThrow("This service is no longer available.");
    expect(() => held.keepAlive("any")).toThrow("This service is no longer available.");
  });
});
