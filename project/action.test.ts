import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const step = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.string()).optional(),
  shell: z.literal("bash").optional(),
  "working-directory": z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  run: z.string().optional(),
});
/** What GitHub takes of a composite action, as far as this one uses it. */
const actionSchema = z.strictObject({
  name: z.string(),
  description: z.string().max(125),
  branding: z.strictObject({ icon: z.string(), color: z.string() }),
  inputs: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string() })),
  outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
  runs: z.strictObject({ using: z.literal("composite"), steps: z.array(step) }),
});

const action = actionSchema.parse(parse(await readFile("action.yml", "utf8")));
const { steps } = action.runs;

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kanit-action-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs the shell of a step, with programs in the place of npm, npx and sudo that only record how they are called. */
async function runStep(name: string, environment: Readonly<Record<string, string>>, npxCode = 0) {
  const { run = "" } = steps.find((each) => each.name === name) ?? expect.fail(`no step ${name}`);
  for (const program of ["npm", "npx", "sudo", "pgbouncer"]) {
    const path = join(folder, program);
    const code = program === "npx" ? npxCode : 0;
    await writeFile(path, `#!/bin/sh\nprintf '%s|' ${program} "$@" >> "${folder}/calls"\nexit ${code}\n`);
    await chmod(path, 0o755);
  }
  const env = { PATH: `${folder}:/usr/bin:/bin`, GITHUB_OUTPUT: join(folder, "output"), ...environment };
  const ended = await promisify(execFile)("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    env,
  }).then(
    () => 0,
    (error: unknown) => (error as { readonly code: number }).code,
  );
  const read = (file: string) => readFile(join(folder, file), "utf8").catch(() => "");
  return { code: ended, calls: await read("calls"), output: await read("output") };
}

describe("the GitHub Action", () => {
  it("either uses an action or runs a shell in each step, and takes no input into the text of a shell", () => {
    for (const { uses, run, shell } of steps) {
      expect((uses === undefined) !== (run === undefined)).toBe(true);
      expect(run === undefined ? "bash" : shell).toBe("bash");
      expect(run ?? "").not.toContain("${{");
    }
  });

  it("refers to inputs, steps and runner only by names that there are", async () => {
    const text = await readFile("action.yml", "utf8");
    const inputs = [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name = ""]) => name);
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(inputs));
    expect([...text.matchAll(/steps\.([\w-]+)/g)].map(([, name]) => name)).toEqual(["run", "run"]);
  });

  it("installs the package that it is given, and none otherwise", async () => {
    expect((await runStep("Install kanit", { KANIT_PACKAGE: "./kanit 1.tgz" })).calls).toBe(
      "npm|install|--no-save|--no-audit|--no-fund|./kanit 1.tgz|",
    );
    await rm(join(folder, "calls"));
    expect((await runStep("Install kanit", { KANIT_PACKAGE: "" })).calls).toBe("");
  });

  it.each([0, 1, 2, 69])("ends with kanit's exit code %d, which is an output too", async (code) => {
    const given = { KANIT_ARGUMENTS: "run chaos/*.ts --seed 7; true", KANIT_OUT: "/tmp/out" };
    const ended = await runStep("Run kanit", given, code);
    expect(ended).toEqual({
      code,
      calls: "npx|--no-install|kanit|run|chaos/*.ts|--seed|7;|true|",
      output: `folder=/tmp/out\nexit-code=${code}\n`,
    });
  });

  it("keeps report and evidence also when the run failed", () => {
    const last = steps.at(-1);
    expect(last?.if).toContain("always()");
    expect(last?.with?.path).toMatch(/^\$\{\{ runner\.temp \}\}\/kanit-out$/);
  });
});
