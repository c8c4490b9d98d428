import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { GENERATED_PAGES } from "./generated-pages.ts";

describe("a generated file", () => {
  it.each(GENERATED_PAGES)("$path is current; if not, run: node project/generate-docs.ts", async (page) => {
    const current = await readFile(new URL(`../${page.path}`, import.meta.url), "utf8");
    expect(current).toBe(page.write(current));
  });
});
