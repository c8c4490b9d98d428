import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLIENT_DAYS } from "./client-calls.ts";
import { VENUE_REFUSALS } from "./venue-refusals.ts";

const ROOT = join(import.meta.dirname, "../..");

describe("the tables of the clients' suite", () => {
  it("name packages that are pinned to one version", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    for (const { package: name } of Object.values(CLIENT_DAYS)) {
      expect(devDependencies[name], name).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  it("list no refusal twice", () => {
    const names = VENUE_REFUSALS.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});
