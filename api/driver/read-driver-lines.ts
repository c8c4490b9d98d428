import type { Readable } from "node:stream";

/** A list of positions may be long; a line that never ends must not fill the memory. */
const LONGEST_LINE_CHARS = 1024 * 1024;

/** Who is told of a driver's lines. */
interface LineListener {
  onLine(line: string): void;
  /** Called once; nothing is read after it. */
  onTooLong(limit: number): void;
}

/** Reads the lines of a driver's output. What comes after its last line's end is no line. */
export function readDriverLines(output: Readable, { onLine, onTooLong }: LineListener): void {
  let parts: string[] = [];
  let length = 0;
  output.setEncoding("utf8");
  output.on("data", (chunk: string) => {
    const [first = "", ...rest] = chunk.split("\n");
    parts.push(first);
    length += first.length;
    for (const part of rest) {
      if (length <= LONGEST_LINE_CHARS) onLine(parts.join(""));
      parts = [part];
      length = part.length;
    }
    if (length <= LONGEST_LINE_CHARS) return;
    output.destroy();
    onTooLong(LONGEST_LINE_CHARS);
  });
}
