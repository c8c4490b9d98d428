import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { SecretRegistry } from "../../core/index.ts";
import { renderExploration } from "../report/render-exploration.ts";
import { parseReproduction } from "../reproduction.ts";
import type { ExperimentLine } from "./experiment-line.ts";
import { ExplorationFolder, type Opening } from "./exploration-folder.ts";
import { explorationOf } from "./exploration-record.ts";

const SIGNATURE = { check: "no-duplicate-orders", problem: "unknown to the platform" };
const OPENING: Opening = { format: "kanit.exploration/1", platform: "spark", seed: 7, links: ["any"] };

function line(number: number, changes: Partial<ExperimentLine> = {}): ExperimentLine {
  return {
    ...{ number, verdict: "pass", signatures: [], unclear: [], features: ["place → succeeded"], facts: {} },
    ...{ untouched: [], faults: 1, operations: 5 },
    split: { resetMs: 100, operationsMs: 200, settlingMs: 300, checksMs: 400 },
    ...changes,
  };
}

const failed = (number: number, verdict: "fail" | "inconclusive") =>
  line(number, { verdict, signatures: [SIGNATURE, { check: "answers-come", problem: "not all were" }] });

describe("what an exploration showed", () => {
  it("is one failure for each signature, with the experiments that showed it", () => {
    const record = explorationOf([line(1), failed(2, "fail"), failed(5, "inconclusive")]);
    expect(record).toMatchObject({
      verdict: "fail",
      verdicts: { pass: 1, fail: 1, inconclusive: 1 },
      groups: [{ signature: SIGNATURE, experiments: [2, 5], isConfirmed: true }],
    });
  });

  it("is open where a failure happened only while the machine was busy", () => {
    expect(explorationOf([line(1), failed(2, "inconclusive")]).verdict).toBe("inconclusive");
  });

  it("is open without an experiment that passed", () => {
    expect(explorationOf([]).verdict).toBe("inconclusive");
    const unclear = ["the runner stood still"];
    expect(explorationOf([line(1, { verdict: "inconclusive", unclear })])).toMatchObject({
      verdict: "inconclusive",
      unclear: { "the runner stood still": 1 },
    });
  });

  it("is shown with where the time went and what never happened", () => {
    const record = explorationOf([line(1, { facts: { "a conflict of keys": 2 } }), line(2)]);
    const shown = renderExploration({ record, reproductions: [], tookMs: 60_000 }).join("\n");
    expect(shown).toContain("PASS  2 experiments: 2 passed, 0 failed, 0 inconclusive");
    expect(shown).toContain("2 experiments a minute; 1000 ms each: reset 10 %, operations 20 %");
    expect(shown).toContain("Never happened, so it was not tested: an unknown outcome,");
    expect(shown).not.toContain("a conflict of keys");
  });
});

describe("the folder of an exploration", () => {
  const secrets = new SecretRegistry();
  const newPath = async () => {
    const path = await mkdtemp(join(tmpdir(), "kanit-exploration-"));
    onTestFinished(() => rm(path, { recursive: true }));
    return path;
  };

  it("goes on with what was done, without a line that was cut off", async () => {
    const path = await newPath();
    const folder = await ExplorationFolder.create(path, OPENING, secrets);
    await Promise.all([folder.add(line(1)), folder.add(failed(2, "fail"))]);
    await appendFile(join(path, "experiments.jsonl"), '{"number": 3, "verd');
    const again = await ExplorationFolder.reopen(path, OPENING, secrets);
    expect(again.done).toEqual([line(1), failed(2, "fail")]);
    await again.add(line(3));
    const lines = (await readFile(join(path, "experiments.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((each) => JSON.parse(each).number)).toEqual([1, 2, 3]);
  });

  it("keeps a reproduction that can be read again, and no secret", async () => {
    const path = await newPath();
    const guarded = new SecretRegistry();
    guarded.register("KEY", "hunter2hunter2");
    const folder = await ExplorationFolder.create(path, OPENING, guarded);
    const rates = { found: { hits: 3, runs: 4 }, shrunk: { hits: 3, runs: 3 } };
    const file = await folder.keep({
      ...{
        format: "kanit.reproduction/1",
        name: "no-duplicate-orders-1",
        signature: SIGNATURE,
        story: "A story.",
      },
      ...{ command: "kanit run --env KEY=hunter2hunter2", platform: "spark", experiment: 3, seed: 7, rates },
      ...{ sizes: { found: [9, 2], shrunk: [1, 1] }, isMinimal: true, findings: [], timeline: [] },
      plan: { seed: 5, steps: [], faults: [] },
    });
    const text = await readFile(file, "utf8");
    expect(parseReproduction(text, file)).toMatchObject({ signature: SIGNATURE, rates });
    expect(text).not.toContain("hunter2");
  });

  it("refuses to go on with another seed", async () => {
    const path = await newPath();
    await ExplorationFolder.create(path, OPENING, secrets);
    await expect(ExplorationFolder.reopen(path, { ...OPENING, seed: 8 }, secrets)).rejects.toMatchObject({
      code: "not-continued",
    });
  });
});
