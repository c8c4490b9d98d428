import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";

const ARCHIVE = new URL("archive.ts", import.meta.url).href;
const CORE = new URL("../core/index.ts", import.meta.url).href;
const KILLS = 12;

/** Writes records of two sizes in turn, for ever. */
const PROGRAM = `
  import { createArchive } from ${JSON.stringify(ARCHIVE)};
  import { SecretRegistry } from ${JSON.stringify(CORE)};
  const archive = await createArchive({
    root: process.argv[1], runId: "run", clock: { nowMs: Date.now }, secrets: new SecretRegistry(),
  });
  process.stdout.write("ready");
  // Bounded: nothing must outlive a test that was killed itself.
  for (let turn = 0; turn < 20_000; turn++) {
    await archive.writeJson("run.json", { turn, padding: "x".repeat(turn % 2 === 0 ? 10 : 300_000), end: true });
  }
`;

it("a record is whole or not there, whenever its writer is killed", async () => {
  const delays = fc.sample(fc.integer({ min: 0, max: 40 }), { numRuns: KILLS, seed: 7 });
  for (const delayMs of delays) {
    const root = mkdtempSync(join(tmpdir(), "kanit-atomic-"));
    const child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM, root], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const exited = once(child, "exit");
    setTimeout(() => child.kill("SIGKILL"), delayMs);
    await exited;
    const path = join(root, "run/run.json");
    if (existsSync(path)) expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ end: true });
    const others = readdirSync(join(root, "run")).filter((name) => name !== "run.json");
    expect(others.every((name) => name === `.run.json.${child.pid}.tmp`)).toBe(true);
    rmSync(root, { recursive: true });
  }
});
