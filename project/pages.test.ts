import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { GATES } from "../gates/index.ts";
import { PROJECT_DIRECTORY } from "./directories.ts";
import { PAGES, PROJECT_FILES, readProjectFile } from "./project-files.ts";
import rooms from "./rooms.json" with { type: "json" };

const ARROWS: Readonly<Record<string, readonly string[]>> = rooms;
const NAMES = Object.keys(ARROWS);

/** The addresses of a page's links, without those of the web and within the page. */
function linksOf(page: string): string[] {
  return [...readProjectFile(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(
    ([, target]) => target ?? "",
  );
}

describe("the pages", () => {
  it("have no dead link", () => {
    const dead = PAGES.flatMap((page) =>
      linksOf(page)
        .filter((target) => !existsSync(join(PROJECT_DIRECTORY, dirname(page), target)))
        .map((target) => `${page} → ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it("name only existing commands", () => {
    const commands = PROJECT_FILES.filter((file) => /^cli\/commands\/[^.]+\.ts$/.test(file));
    const known = new Set(
      [
        ...commands
          .map(readProjectFile)
          .join("\n")
          .matchAll(/\.command\("([a-z-]+)"\)/g),
      ]
        .map(([, name]) => name)
        .concat(GATES.map(({ name }) => name)),
    );
    const named = PAGES.flatMap((page) =>
      [...readProjectFile(page).matchAll(/\.\/kanit ([a-z-]+)/g)].map(([, name]) => name ?? ""),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it("can all be reached from the README", () => {
    const reached = new Set(["README.md"]);
    for (const page of reached) {
      for (const link of linksOf(page)) {
        const target = join(dirname(page), link);
        if (PAGES.includes(target)) reached.add(target);
      }
    }
    expect(PAGES.filter((page) => page.startsWith("docs/") && !reached.has(page))).toEqual([]);
  });

  it("of the README name each guide for an addition", () => {
    const guides = PAGES.filter((page) => page.startsWith("docs/add-a-"));
    expect(guides.filter((guide) => !linksOf("README.md").includes(guide))).toEqual([]);
  });
});

describe("the rooms", () => {
  it("each have an index.ts, which is how the others enter them", () => {
    const entered = NAMES.filter((room) => Object.values(ARROWS).some((imports) => imports.includes(room)));
    expect(entered.filter((room) => !PROJECT_FILES.includes(`${room}/index.ts`))).toEqual([]);
  });

  it("are in docs/architecture.md with their allowed imports", () => {
    const rows = readProjectFile("docs/architecture.md").matchAll(/^\| `(\w+)\/` \|.*\| ([^|]+) \|$/gm);
    const documented = Object.fromEntries(
      [...rows].map(([, room, imports]) => [room, importsIn(imports ?? "")]),
    );
    expect(documented).toEqual(ARROWS);
  });
});

/** "–", "core, lab", or "everything but platform, exchanges". */
function importsIn(text: string): readonly string[] {
  const named = text.match(/[a-z]+/g) ?? [];
  if (named[0] !== "everything") return named;
  const [, , ...excluded] = named;
  return NAMES.filter((room) => room !== "cli" && !excluded.includes(room));
}
