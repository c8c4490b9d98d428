import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** The rooms that a room's own files import, and theirs. */
async function roomsNeededBy(room: string, known: Set<string> = new Set()): Promise<ReadonlySet<string>> {
  if (known.has(room)) return known;
  known.add(room);
  for (const name of await readdir(join(ROOT, room), { recursive: true })) {
    if (!name.endsWith(".ts") || /\.test\.ts$|(^|\/)testing\//.test(name)) continue;
    const text = await readFile(join(ROOT, room, name), "utf8");
    for (const [, other] of text.matchAll(/ from "(?:\.\.\/)+([a-z]+)\/index\.ts"/g)) {
      if (other !== undefined) await roomsNeededBy(other, known);
    }
  }
  return known;
}

describe("an image", () => {
  it.each([
    ["exchanges", "exchanges"],
    ["fault-proxy", "chaos"],
    ["spark", "platform"],
  ])("%s is made of every room that its program imports", async (image, room) => {
    const dockerfile = await readFile(join(ROOT, "docker", `${image}.Dockerfile`), "utf8");
    const copied = [...dockerfile.matchAll(/^COPY ([a-z]+) /gm)].map(([, name]) => name);
    expect(copied).toEqual(expect.arrayContaining([...(await roomsNeededBy(room))]));
    const ignore = await readFile(join(ROOT, ".dockerignore"), "utf8");
    for (const name of copied) expect(ignore, "what the engine is sent").toContain(`\n!${name}\n`);
  });
});
