/** A block of code in a guide. */
export interface CodeBlock {
  /** `diff`: lines to be added to an existing file; otherwise the whole file. */
  readonly language: string;
  /** From the project's root, as given by its first line, a comment. */
  readonly path: string;
  /** Without that line. */
  readonly text: string;
}

/** The blocks of code in a page that are files of the project, in order. */
export function codeBlocksOf(markdown: string): readonly CodeBlock[] {
  const fences = markdown.matchAll(/^```(\w+)\n\/\/ (\S+\/\S+)\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, language = "", path = "", text = ""]) => ({ language, path, text }));
}

/**
 * Inserts the lines of a diff that begin with `+`, each after the lines that precede it in the diff.
 *
 * @throws Error where the file has not a line that the diff expects.
 */
export function applyAdditions(file: string, diff: string): string {
  const lines = file.split("\n");
  let at = 0;
  for (const line of diff.split("\n").filter((text) => text !== "")) {
    const text = line.slice(1);
    if (line.startsWith("+")) {
      lines.splice(at, 0, text);
      at += 1;
      continue;
    }
    const found = lines.indexOf(text, at);
    if (found === -1) throw new Error(`Expected the line ${JSON.stringify(text)} in the file, found none.`);
    at = found + 1;
  }
  return lines.join("\n");
}
