import { describe, expect, it } from "vitest";
import { readYaml } from "./yaml-source.ts";

const TEXT = `# A comment.
name: one
faults:
  - fault: &slow { kind: latency, link: postgres }
    forMs:
  - fault: *slow
`;

function placeIn(text: string, path: readonly (string | number)[], at: "key" | "value" = "value"): string {
  const reading = readYaml(text);
  if (reading.kind !== "read") throw new TypeError(JSON.stringify(reading.problems));
  const { line, column } = reading.source.placeOf(path, at);
  return `${line}:${column}`;
}

describe("the place of a part of a YAML text", () => {
  it.each([
    [["name"], "value", "2:7"],
    [["name"], "key", "2:1"],
    [["faults", 0, "fault", "link"], "value", "4:41"],
    [["faults", 0, "fault", "link"], "key", "4:35"],
    [["faults", 1, "fault", "kind"], "value", "4:26"],
  ] as const)("is that of the key or the value: %j, its %s", (path, at, place) => {
    expect(placeIn(TEXT, path, at)).toBe(place);
  });

  it("is that of the key where the value is left out, and of what surrounds it where there is no such key", () => {
    expect(placeIn(TEXT, ["faults", 0, "forMs"])).toBe("5:5");
    expect(placeIn(TEXT, ["faults", 1, "forMs"])).toBe("6:5");
    expect(placeIn(TEXT, ["expectation", "fires", 0])).toBe("2:1");
    expect(placeIn("", ["name"])).toBe("1:1");
  });
});

describe("a YAML text that cannot be read", () => {
  it.each([
    ["a: [1, 2", "1:9", "Flow sequence in block collection must be sufficiently indented"],
    ["a: 1\na: 2", "2:1", "Map keys must be unique"],
    ["a: *nobody", "1:4", "no anchor nobody before it"],
    ["a: !secret x", "1:4", "Unresolved tag: !secret"],
    ["a: 1\n---\nb: 2", "2:1", "expected one document, got a second one"],
  ])("is reported with its place: %j", (text, place, problem) => {
    const reading = readYaml(text);
    if (reading.kind !== "unreadable") throw new TypeError("Expected a text that cannot be read.");
    const reported = reading.problems.map(
      (each) => `${each.place.line}:${each.place.column} ${each.problem}`,
    );
    expect(
      reported.some((line) => line.startsWith(`${place} `) && line.includes(problem)),
      reported.join("\n"),
    ).toBe(true);
  });

  it.each(["? ".repeat(200), "- ".repeat(9_000), "[".repeat(9_000), "? [a]\n: b"])(
    "is one whose keys are no texts, or that is nested too deeply: %#",
    (text) => {
      expect(readYaml(text)).toMatchObject({ kind: "unreadable" });
    },
  );

  it.each(["[".repeat(9_000), `a: ${"[".repeat(5_000)}${"]".repeat(5_000)}`, "- ".repeat(9_000)])(
    "says once that it is nested too deeply: %#",
    (text) => {
      const reading = readYaml(text);
      const problems = reading.kind === "read" ? [] : reading.problems.map(({ problem }) => problem);
      expect(problems).toEqual(["parts that are nested too deeply"]);
    },
  );

  it("is not one that has many parts beside each other", () => {
    const lists = `[${"[1, {a: 2}], ".repeat(50)}]`;
    const text = Array.from({ length: 50 }, (_, line) => `- - ? a${line}\n    : ${lists}`).join("\n");
    expect(readYaml(text).kind).toBe("read");
  });

  it("is one whose aliases would fill the memory", () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const items = Array.from({ length: 9 }, () => (level === 0 ? "x" : `*l${level - 1}`));
      return `l${level}: &l${level} [${items.join(", ")}]`;
    });
    expect(readYaml(levels.join("\n"))).toMatchObject({ kind: "unreadable" });
  });
});
