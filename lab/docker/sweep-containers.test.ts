import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { currentOwner } from "../process-owner.ts";
import { DockerEngine } from "./docker-engine.ts";
import { ownerLabel, sweepContainers } from "./sweep-containers.ts";

/** An engine with objects of these owners, which records what is removed. */
class FakeEngine extends DockerEngine {
  readonly removed: string[] = [];
  readonly #labels: readonly string[];

  constructor(labels: readonly string[]) {
    super({});
    this.#labels = labels;
  }

  override async labelValues(): Promise<readonly string[]> {
    return this.#labels;
  }

  override async removeLabeled(_label: string, value: string): Promise<number> {
    this.removed.push(value);
    return 1;
  }
}

describe("a sweep", () => {
  it("removes everything of a dead owner on this machine, and nothing else", async () => {
    const alive = ownerLabel(await currentOwner());
    const dead = ownerLabel({ pid: 999_999_999, startedAt: "tick 1" });
    const reused = ownerLabel({ pid: process.pid, startedAt: "tick 1" });
    const elsewhere = dead.replace(hostname(), "another-machine");
    const engine = new FakeEngine([alive, dead, reused, elsewhere, "nobody", "broken/label"]);
    expect(await sweepContainers(engine)).toBe(2);
    expect(engine.removed).toEqual([dead, reused]);
  });

  it("writes owners without spaces, which a label of Compose does not preserve", async () => {
    expect(ownerLabel({ pid: 7, startedAt: "Sun Nov 22 08:30:25 2026" })).toBe(
      `${hostname()}/7/Sun_Nov_22_08:30:25_2026`,
    );
  });
});
