import { describe, expect, it } from "vitest";
import { documentFaults, exampleOf } from "./document-faults.ts";
import { parseFault } from "./parse-fault.ts";
import { FAULT_KINDS, type FaultKindName } from "./registry.ts";

const NAMES = Object.keys(FAULT_KINDS) as FaultKindName[];
const page = documentFaults();

/** Splits a command line into words as a POSIX shell does: plain words, or in single quotes. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

function sectionOf(name: string): string {
  return page.split(/^### /m).find((section) => section.startsWith(`${name}\n`)) ?? "";
}

describe("the page on faults", () => {
  it.each(NAMES)("has one section on %s, in one of its groups and in the overview", (name) => {
    expect(page.split(`\n### ${name}\n`)).toHaveLength(2);
    expect(page).toContain(`| [\`${name}\`](#${name}) |`);
  });

  it.each(NAMES)(
    "describes how %s heals, what it needs, and its attributes with units and defaults",
    (name) => {
      const section = sectionOf(name);
      const { healing, needs, toxic, attributes } = FAULT_KINDS[name];
      expect(section).toContain(healing);
      expect(section).toContain(needs === "kanit" && toxic ? `toxic:${toxic.type}` : "**Engine**");
      for (const attribute of attributes) expect(section).toContain(`| \`${attribute.name}\``);
    },
  );

  it.each(NAMES.filter((name) => FAULT_KINDS[name].livesIn !== "process"))(
    "has an example of %s that parses",
    (name) => {
      const command = /^ {4}(\.\/kanit inject .*)$/m.exec(sectionOf(name))?.[1] ?? "";
      const [, verb, link = "", kind = "", ...pairs] = wordsOf(command);
      expect(verb).toBe("inject");
      expect(parseFault(link, kind, pairs)).toMatchObject({ kind: name, link: exampleOf(name).link });
    },
  );

  it("states units, words and defaults as the schema and the toxic do", () => {
    const section = sectionOf("http-reply-delay");
    expect(section).toContain("| `delayMs` or `delay` | number | ms | required | mean delay in ms |");
    expect(section).toContain("| `per` | `proxy`, `connection` |  | `proxy` |");
    expect(section).toContain("| `nth` | number | messages | `0` |");
  });
});
