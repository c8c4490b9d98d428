import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runSecrets } from "../runs/index.ts";
import { readEnvironment } from "./environment.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the environment", () => {
  it("has the key that signs for kanit alone: what it starts does not inherit it", () => {
    vi.stubEnv("KANIT_SIGNING_KEY", "a key");
    vi.stubEnv("KANIT_KEY_PASSPHRASE", "its passphrase");
    const { signing } = readEnvironment(runSecrets());
    expect(signing).toEqual({ key: "a key", passphrase: "its passphrase" });
    const inherited = execFileSync(process.execPath, ["-p", "Object.keys(process.env).join()"], {
      encoding: "utf8",
    });
    expect(inherited).not.toMatch(/SIGNING|PASSPHRASE/);
  });
});
