import { linearPattern } from "../../core/index.ts";

/** A name of scenarios, or a pattern of names. */
export interface NamePattern {
  /** Whether it is a name, without anything that stands for other letters. */
  readonly isName: boolean;
  matches(name: string): boolean;
}

/** Reads a pattern of names as shells do: `*` stands for any letters, `?` for one. */
export function patternOf(text: string): NamePattern {
  if (!/[*?]/.test(text)) return { isName: true, matches: (name) => name === text };
  const source = text
    .replaceAll(/[^\w*?-]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const pattern = linearPattern(`^${source}$`);
  return { isName: false, matches: (name) => pattern.test(name) };
}
