import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError, type Verdict } from "../core/index.ts";
import type { CommandContext } from "./context.ts";
import { runOnSave } from "./run-on-save.ts";
import { silentContext } from "./testing/silent-context.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kanit-on-save-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("kanit run --watch", () => {
  it("runs again after each save, says mistakes, and ends with the last verdict", async () => {
    const file = join(folder, "mine.yml");
    await writeFile(file, "0");
    const end = new AbortController();
    const verdicts: Verdict[] = [];
    const context: CommandContext = {
      ...silentContext(),
      signal: end.signal,
      conclude: (verdict) => void verdicts.push(verdict),
    };
    let runs = 0;
    await runOnSave([file], context, async ({ conclude }) => {
      runs++;
      if (runs === 3) end.abort();
      else await writeFile(file, String(runs));
      if (runs === 2) throw new UsageError({ code: "bad-scenario", message: "Wrong.", nextStep: "Mend." });
      conclude(runs === 1 ? "fail" : "pass");
    });
    expect([runs, verdicts]).toEqual([3, ["pass"]]);
  });
});
