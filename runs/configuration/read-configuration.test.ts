import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../../core/index.ts";
import { NO_CONFIGURATION } from "./configuration.ts";
import { readConfiguration } from "./read-configuration.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kanit-configuration-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const invariant = (name: string) => `{ name: "${name}", statement: "it holds", check: () => ({}) }`;

describe("the configuration of a repository", () => {
  it("adds nothing without a file", async () => {
    expect(await readConfiguration(folder)).toBe(NO_CONFIGURATION);
  });

  it("names a platform, rules, faults and invariants, with paths from its own folder", async () => {
    const text = `const fault = { name: "slow-disk", summary: "the disk is slow", inject: async () => ({
        heal: async () => undefined, touched: async () => 1 }) };
      export default {
        platform: "deploy/platform.yml", rules: ["alerts.yml"], faults: [fault],
        invariants: [${invariant("no-order-at-night")}],
      };`;
    await writeFile(join(folder, "kanit.config.ts"), text);
    expect(await readConfiguration(folder)).toMatchObject({
      platform: join(folder, "deploy/platform.yml"),
      rules: [join(folder, "alerts.yml")],
      extensions: { faults: [{ name: "slow-disk" }], invariants: [{ name: "no-order-at-night" }] },
    });
  });

  it.each([
    ["an unknown key", "export default { platfrom: 'x' }", /platfrom/],
    ["no default export", "export const config = {}", /default export/],
    [
      "a fault without a function",
      "export default { faults: [{ name: 'a', summary: 'b' }] }",
      /faults\[0\]\.inject/,
    ],
    [
      "a name of kanit's",
      `export default { invariants: [${invariant("fills-agree")}] }`,
      /no invariant of kanit/,
    ],
    [
      "a name twice",
      `export default { invariants: [${invariant("a")}, ${invariant("a")}] }`,
      /each name once/,
    ],
    ["a module that throws", "throw new Error('no license')", /no license/],
  ])("is refused with one line for %s", async (_, text, said) => {
    await writeFile(join(folder, "kanit.config.mjs"), text);
    const failure = await readConfiguration(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure).toMatchObject({ code: "bad-configuration", message: expect.stringMatching(said) });
    expect((failure as Error).message).not.toContain("\n");
  });
});
