import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type CommandLine, openCommandLine } from "./testing/command-line.ts";
import { WRONG_EXPECTATIONS } from "./testing/wrong-scenarios/expectations.ts";
import { WRONG_FAULTS } from "./testing/wrong-scenarios/faults.ts";
import { WRONG_SHAPES } from "./testing/wrong-scenarios/shape.ts";
import { EXPECT, head, LATE, type WrongScenario } from "./testing/wrong-scenarios/texts.ts";

const WRONG: readonly WrongScenario[] = [...WRONG_SHAPES, ...WRONG_FAULTS, ...WRONG_EXPECTATIONS];

let kanit: CommandLine;
beforeAll(async () => {
  kanit = await openCommandLine();
});
afterAll(async () => {
  await kanit[Symbol.asyncDispose]();
});

/** Writes files to a folder of their own and returns its path. */
async function folderOf(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(kanit.temporaryDirectory, name);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return folder;
}

/** What a command says of wrong scenarios: a line for each mistake, sorted, and the line that sums them up. */
async function mistakesOf(...words: readonly string[]) {
  const { exitCode, stdout, stderr } = await kanit.run(words);
  const lines = stderr.trimEnd().split("\n");
  const summary = lines.pop();
  return { exitCode, stdout, lines: lines.toSorted(), summary };
}

describe("wrong scenarios, each refused by a line with its place, what was expected and what came:", () => {
  let lines: readonly string[];
  let folder: string;
  beforeAll(async () => {
    const yaml = WRONG.map(([what, text]) => [`${what}.yml`, text] as const);
    folder = await folderOf("yaml", Object.fromEntries(yaml));
    const said = await mistakesOf("check", folder);
    expect(said.exitCode).toBe(64);
    expect(said.summary).toMatch(/^kanit: Expected scenarios that can be carried out, got \d+ mistakes\. /);
    ({ lines } = said);
  });

  it("there are at least forty of them", () => {
    expect(new Set(WRONG.map(([what]) => what)).size).toBeGreaterThanOrEqual(40);
  });

  it.each(WRONG)("%s", (what, _text, ...expected) => {
    const file = join(folder, `${what}.yml`);
    const said = lines.filter((line) => line.startsWith(`${file}:`));
    expect(said.map((line) => line.slice(file.length + 1))).toEqual(expected.toSorted());
  });
});

describe("the same scenarios as modules", () => {
  /** What only YAML can get wrong, and what a module exports as a list of scenarios. */
  const onlyYaml = ["empty", "list", "yaml-tab", "yaml-twice", "yaml-open", "yaml-two", "yaml-alias"];
  const asModules = WRONG.filter(([what]) => !onlyYaml.includes(what));
  let lines: readonly string[];
  let folder: string;
  beforeAll(async () => {
    const modules = asModules.map(([what, text]) => {
      const data = JSON.stringify(parse(text)) ?? "undefined";
      return [`${what}.ts`, `const scenario: unknown = ${data};\nexport default scenario;\n`] as const;
    });
    folder = await folderOf("modules", Object.fromEntries(modules));
    ({ lines } = await mistakesOf("check", folder));
  });

  it.each(asModules)("%s", (what, _text, ...expected) => {
    const prefix = `${join(folder, `${what}.ts`)} (default): `;
    const said = lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
    expect(said.toSorted()).toEqual(expected.map((line) => line.replace(/^\d+:\d+: /, "")).toSorted());
  });
});

const scenario = (name: string) =>
  `{ name: "${name}", hypothesis: "It holds.", expectation: { recoversWithinMs: 1000 } }`;

describe("a scenario for another runtime", () => {
  it("is refused where that cannot make its fault, and accepted where it can", async () => {
    const text = "faults: [{ fault: { kind: kill, process: postgres }, forMs: 2000 }]";
    const folder = await folderOf("runtime", {
      "kill.yml": `name: kill\nhypothesis: It holds.\n${text}\nexpectation: { recoversWithinMs: 1000 }\n`,
    });
    const file = join(folder, "kill.yml");
    expect(await mistakesOf("check", file, "--runtime", "containers")).toMatchObject({
      exitCode: 64,
      lines: [
        `${file}:3:42: faults[0].fault.process: expected platform, which the runtime containers can start again, got "postgres"`,
      ],
    });
    expect((await kanit.run(["check", file])).exitCode).toBe(0);
  });
});

describe("a module that holds no scenario", () => {
  it.each([
    [
      "throws.ts",
      'const text: string = "boom";\nthrow new TypeError(text);\n',
      ":2:7: expected a module that loads, got TypeError: boom",
    ],
    [
      "syntax.ts",
      "export const a: number = ;\n",
      ":1:26: expected a module that loads, got SyntaxError: Expression expected",
    ],
    [
      "syntax.mjs",
      "export const a = 1;\nconst = 3;\n",
      ":2:7: expected a module that loads, got SyntaxError: Unexpected token '='",
    ],
    [
      "enum.ts",
      "enum A { X }\nexport default A;\n",
      ":1:1: expected a module that loads, got SyntaxError: TypeScript enum is not supported in strip-only mode",
    ],
    ["missing.ts", 'import "./nowhere.ts";\n', ": expected a module that loads, got Cannot find module"],
    [
      "other.ts",
      "export const a = 1;\nexport function b() {}\n",
      ": expected a scenario as default or named export, got the exports a, b, none of which is one",
    ],
    ["nothing.ts", "export {};\n", ": expected a scenario as default or named export, got no exports"],
    ["ends.ts", "process.exit(0);\n", ": expected a module that loads, got one that ended the process"],
  ])("is a line: %s", async (file, text, line) => {
    const folder = await folderOf("no-scenario", { [file]: text });
    const { exitCode, stderr } = await kanit.run(["check", join(folder, file)]);
    expect(exitCode).toBe(64);
    expect(stderr.split("\n")[0]).toContain(`${join(folder, file)}${line}`);
  });
});

describe("kanit check", () => {
  it("says of each scenario of the catalog that it can be carried out", async () => {
    const { exitCode, stdout, stderr } = await kanit.run(["check"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^steady-state +can be carried out$/m);
    expect(stdout).not.toContain("warning");
  });

  it("is the kanit that a module imports, wherever the module is", async () => {
    const folder = await folderOf("import", {
      "mine.ts": `import { defineScenario, ORDINARY_CONDITIONS } from "kanit";
export default defineScenario({
  name: "mine",
  hypothesis: "It holds.",
  expectation: { recoversWithinMs: 1_000, holds: ORDINARY_CONDITIONS },
});
`,
    });
    const { exitCode, stdout, stderr } = await kanit.run(["check", folder]);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: `${folder}/mine.ts  can be carried out\n`,
      stderr: "",
    });
  });

  it("says all that is wrong in a module of several scenarios, and which of them it is", async () => {
    const folder = await folderOf("suite", {
      "suite.ts": `export const one = ${scenario("One")};
export const others = [${scenario("two")}, { hypothesis: "It holds." }];
`,
    });
    const file = join(folder, "suite.ts");
    const { exitCode, stdout, lines } = await mistakesOf("check", file);
    expect(exitCode).toBe(64);
    expect(stdout).toContain(`${file}#two  can be carried out`);
    expect(lines).toEqual([
      `${file} (one): name: expected words in lower case joined by -, got "One"`,
      `${file} (others[1]): expectation: expected an object, got nothing`,
      `${file} (others[1]): name: expected a text, got nothing`,
    ]);
  });

  it("wants a name to stand for one scenario, in all files and the catalog", async () => {
    const folder = await folderOf("names", {
      "a.ts": `export default ${scenario("mine")};`,
      "b.ts": `export default ${scenario("mine")};`,
      "c.ts": `export default ${scenario("db-latency")};`,
    });
    const { lines } = await mistakesOf("check", folder);
    expect(lines).toEqual([
      `${folder}/b.ts: name: expected a name that no other scenario has, got "mine" (${folder}/a.ts has it)`,
      `${folder}/c.ts: name: expected a name that no other scenario has, got "db-latency" (kanit's own catalog has it)`,
    ]);
  });

  it("warns of a metric that nobody is known to have, and refuses nothing for it", async () => {
    const text = head(`${LATE}${EXPECT}  happens:\n    - { name: a gap, expression: sum(feed_resyncs) }\n`);
    const folder = await folderOf("metric", { "metric.yml": text });
    const { exitCode, stdout } = await kanit.run(["check", folder]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `warning: ${folder}/metric.yml:9:34: expectation.happens[0].expression: expected metrics that are known, got "feed_resyncs"; did you mean feed_resyncs_total?`,
    );
  });
});

describe("what is selected", () => {
  it("is found by pattern and by tag, in the catalog and in files", async () => {
    const tagged = scenario("mine").replace("{", '{ tags: ["nightly"],');
    const folder = await folderOf("select", {
      "mine.ts": `export default ${tagged};`,
      "other.ts": `export default ${scenario("other")};`,
    });
    const { stdout } = await kanit.run(["list", "feed-*", folder, "--tag", "nightly"]);
    const names = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0]);
    expect(names).toEqual(["feed-silent", "feed-gap", `${folder}/mine.ts`]);
  });

  it("may be one scenario of a file", async () => {
    const folder = await folderOf("one", {
      "two.mjs": `export const a = ${scenario("first")};\nexport const b = ${scenario("second")};`,
    });
    const { stdout } = await kanit.run(["list", `${folder}/two.mjs#second`]);
    expect(stdout.trimEnd().split("\n")).toEqual([`${folder}/two.mjs#second  It holds.`]);
  });

  it("is never nothing", async () => {
    const folder = await folderOf("empty", { "readme.md": "none" });
    for (const words of [
      ["list", "nope-*"],
      ["list", "--tag", "nope"],
      ["list", folder],
      ["run", `${folder}/*.ts`],
    ]) {
      const { exitCode, stderr } = await kanit.run(words);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 64,
        stderr: expect.stringMatching(/^kanit: Expected .*\n$/),
      });
    }
  });
});

describe("kanit run", () => {
  it("starts nothing when one of its scenarios is wrong", async () => {
    const folder = await folderOf("run", {
      "wrong.yml": "name: wrong\n",
      "right.ts": `export default ${scenario("right")};`,
    });
    const { exitCode, stdout, lines } = await mistakesOf("run", folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(lines).toHaveLength(2);
  });
});

describe("kanit schema", () => {
  it("prints the schema of platform definitions, with the meaning of each field", async () => {
    const { exitCode, stdout } = await kanit.run(["schema", "platform"]);
    expect(exitCode).toBe(0);
    const schema = JSON.parse(stdout);
    expect(schema.properties.settlesWithin.description).toContain("order's outcome");
    expect(Object.keys(schema.properties.api.properties)).toContain("driver");
  });

  it("prints the JSON Schema of a scenario", async () => {
    const { exitCode, stdout } = await kanit.run(["schema", "scenario"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: "A scenario of kanit", additionalProperties: false });
  });
});
