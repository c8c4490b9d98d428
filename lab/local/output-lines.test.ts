import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLines } from "./output-lines.ts";

async function linesOf(chunks: Iterable<string>): Promise<readonly string[]> {
  const output = new PassThrough();
  const lines: string[] = [];
  readLines(output, (line) => lines.push(line));
  for (const chunk of chunks) output.write(chunk);
  output.end();
  await new Promise((resolve) => output.once("close", resolve));
  return lines;
}

describe("the lines of a program's output", () => {
  it("are the same however the output was split", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 5, unit: "grapheme-ascii" })),
        async (pieces) => {
          const whole = pieces.join("\n");
          expect(await linesOf(whole)).toEqual(await linesOf(whole === "" ? [] : [whole]));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("are truncated when they never end, and the next one is whole again", async () => {
    const megabyte = "x".repeat(1_000_000);
    const [endless = "", next] = await linesOf([megabyte, megabyte, megabyte, "\nready\n"]);
    expect(endless).toHaveLength(65_537);
    expect(next).toBe("ready");
  });
});
