import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MAX_FILE_LINES = 300;

/** The project's own files: what git tracks, and what it would. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(ROOT, file)));
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const sources = files.filter((file) => /\.(ts|mjs|js)$/.test(file));

describe("the house is tidy", () => {
  it("has no source file of more than 300 lines", () => {
    const long = sources.filter((file) => read(file).split("\n").length - 1 > MAX_FILE_LINES);
    expect(long).toEqual([]);
  });

  it("has no test that is switched off without a condition, and none that runs alone", () => {
    // `test.skip("why")` inside a test is the visible kind, said when it turns out that the machine cannot.
    const switched = /\b(?:it|describe)\.(?:only|skip|todo)\b|\btest\.(?:only|todo|skip\([^()]*,)/;
    expect(sources.filter((file) => file !== "project/tidy.test.ts" && switched.test(read(file)))).toEqual(
      [],
    );
  });

  it("has no folder or file named after nothing in particular", () => {
    const vague = /(^|\/|-)(utils?|helpers?|managers?|misc|common-utils)(\/|-|\.|$)/;
    expect(files.filter((file) => vague.test(file))).toEqual([]);
  });

  it("connects to the outside in one place only, network/, which checks every host", () => {
    const connects =
      /(?<![\w.#])fetch\(|new WebSocket\(|\bhttps?\.(?:get|request)\(|\b(?:net|tls)\.connect\(/;
    // Other rooms that connect: the subject under test, tests and benchmarks, scripts that k6 runs, programs that
    // run beside the lab in a container, and the suite that drives foreign fault proxies.
    const apart =
      /^(?:network|platform|bench|docker|load\/k6|chaos\/conformance)\/|\.test\.ts$|\.scenario\.ts$|\/testing\/|^exchanges\/clients\/|\/test-[^/]+$/;
    expect(sources.filter((file) => !apart.test(file) && connects.test(read(file)))).toEqual([]);
  });

  it("has an index.ts in each room, which is how the others enter it", () => {
    const rooms = [
      "core",
      "venues",
      "platform",
      "exchanges",
      "chaos",
      "load",
      "signals",
      "evidence",
      "lab",
      "contracts",
      "harness",
      "gates",
      "scenarios",
      "reports",
    ];
    expect(rooms.filter((room) => !files.includes(`${room}/index.ts`))).toEqual([]);
  });

  it("has no link in its documents that leads nowhere", () => {
    const dead = files
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) =>
        [...read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
          .map(([, target]) => target ?? "")
          .filter((target) => !existsSync(join(ROOT, dirname(file), target)))
          .map((target) => `${file} → ${target}`),
      );
    expect(dead).toEqual([]);
  });

  it("names only commands in its documents that the command line has", () => {
    const known = new Set(
      [
        ...files
          .filter((file) => /^cli\/commands\/[^.]+\.ts$/.test(file))
          .map(read)
          .join("\n")
          .matchAll(/\.command\("([a-z-]+)"\)/g),
      ].map(([, name]) => name),
    );
    const named = files
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) => [...read(file).matchAll(/\.\/kanit ([a-z-]+)/g)].map(([, name]) => name ?? ""));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
