import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { SecretRegistry } from "../core/index.ts";
import { readPlatformDefinition, SPARK_DEFINITION } from "../definition/index.ts";
import { type CanaryFlags, completeCanaryFlags, withCanaryFlags } from "./canary-flags.ts";
import type { Environment } from "./environment.ts";

const spark = await readPlatformDefinition(SPARK_DEFINITION);

async function complete(words: readonly string[], stable = spark) {
  const command = withCanaryFlags(
    new Command().exitOverride().configureOutput({ writeErr: () => undefined }),
  );
  command.parse(words, { from: "user" });
  const environment = { secrets: new SecretRegistry() } as Environment;
  return completeCanaryFlags(command.opts<CanaryFlags>(), stable, environment);
}

describe("the flags of a candidate", () => {
  it("are none without --canary", async () => {
    expect(await complete([])).toBeNull();
  });

  it("have the same platform twice with --canary alone, and nobody on the candidate", async () => {
    expect(await complete(["--canary"])).toMatchObject({
      ...{ candidate: spark, candidateEnvironment: {}, sharePercent: 0, clients: "spread" },
    });
  });

  it("plant defects in the candidate only", async () => {
    const words = [
      "--canary",
      "slow-leak,float-money",
      "--canary-share",
      "0.5",
      "--canary-clients",
      "cookie",
    ];
    expect(await complete(words)).toMatchObject({
      ...{ candidateEnvironment: { SPARK_DEFECTS: "slow-leak,float-money" }, sharePercent: 0.5 },
      clients: "cookie",
    });
  });

  it("take another definition by its path", async () => {
    const found = await complete(["--canary", SPARK_DEFINITION]);
    expect(found).toMatchObject({ candidate: { name: "spark" }, difference: SPARK_DEFINITION });
    await expect(complete(["--canary", join("nowhere", "platform.yml")])).rejects.toMatchObject({
      exitCode: 64,
    });
  });

  it("refuse a defect in a platform in which none can be planted", async () => {
    const other = { ...spark, name: "mine", directory: "/mine" };
    await expect(complete(["--canary", "slow-leak"], other)).rejects.toMatchObject({
      code: "no-planted-defects",
    });
  });

  it.each(["101", "-1", "5%", "x", ""])("refuse the share %j", async (share) => {
    await expect(complete(["--canary", "--canary-share", share])).rejects.toThrow(/percentage|argument/);
  });
});
