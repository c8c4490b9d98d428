import type { Readable } from "node:stream";

/**
 * A program that never ends its line must not fill the runner's memory: the rest of the line is discarded.
 */
const LONGEST_LINE_CHARS = 65_536;
const CUT = "…";

/**
 * Calls `onLine` with each line of a program's output. A line that is too long is
 * truncated, and ends with `…`.
 */
export function readLines(output: Readable, onLine: (line: string) => void): void {
  let pending = "";
  let isCut = false;
  const end = () => {
    if (!isCut) onLine(pending.replace(/\r$/, ""));
    pending = "";
    isCut = false;
  };
  const add = (text: string) => {
    if (isCut) return;
    pending += text;
    if (pending.length <= LONGEST_LINE_CHARS) return;
    isCut = true;
    onLine(`${pending.slice(0, LONGEST_LINE_CHARS)}${CUT}`);
    pending = "";
  };
  output.setEncoding("utf8");
  output.on("data", (chunk: string) => {
    const [first = "", ...rest] = chunk.split("\n");
    add(first);
    for (const part of rest) {
      end();
      add(part);
    }
  });
  output.once("end", () => {
    if (pending !== "") end();
  });
}
