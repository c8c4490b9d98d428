import { UsageError } from "../core/index.ts";

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/**
 * Compiles an RE2 expression as Prometheus does: anchored at both ends, and with `.` matching newlines.
 * What JavaScript writes differently (`(?i)` in mid-group, `(?P<name>…)`, `\z`, `[[:alpha:]]`) is rewritten;
 * what RE2 does not have (back-references, look-around) is refused, so that a rule that works here loads there.
 *
 * @throws UsageError `bad-regex`.
 */
export function anchoredRegExp(source: string): RegExp {
  if (/\(\?<?[=!]|\\[1-9]/.test(source)) {
    throw badRegex(source, "look-around and back-references do not exist in RE2");
  }
  try {
    return new RegExp(`^(?:${toJavaScript(source)})$`, "su");
  } catch (cause) {
    try {
      // The unicode mode refuses escapes such as `\_` that RE2 allows.
      return new RegExp(`^(?:${toJavaScript(source)})$`, "s");
    } catch {
      throw badRegex(source, cause instanceof Error ? cause.message : String(cause));
    }
  }
}

/**
 * Compiles an RE2 expression that is looked for anywhere in a text, every time.
 *
 * @throws UsageError `bad-regex`.
 */
export function looseRegExp(source: string): RegExp {
  const { source: anchored, flags } = anchoredRegExp(source);
  return new RegExp(anchored.replace(/^\^/, "").replace(/\$$/, ""), `${flags.replace("s", "")}g`);
}

/** Fills in `$1`, `${1}`, `$name` and `${name}` as Go does: the longest name counts, an unknown one is empty. */
export function expandReplacement(template: string, match: RegExpExecArray): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) => {
    const name = bare ?? braced;
    if (name === undefined) return whole === "$$" ? "$" : whole;
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? "";
  });
}

function badRegex(source: string, reason: string): UsageError {
  return new UsageError({
    code: "bad-regex",
    message: `Expected a regular expression in RE2's syntax, got ${JSON.stringify(source)}: ${reason}.`,
    nextStep: "Correct the expression; Prometheus anchors it at both ends.",
  });
}

function toJavaScript(source: string): string {
  const plain = source
    .replaceAll("(?P<", "(?<")
    .replaceAll("\\A", "^")
    .replaceAll("\\z", "$")
    .replace(/\[:(\^?)(\w+):\]/g, (whole, negated: string, name: string) =>
      negated === "" ? (POSIX_CLASSES[name] ?? whole) : whole,
    );
  return scopeFlags(plain);
}

/** Turns `(?i)rest` into `(?i:rest)`: RE2 lets a flag hold until its group ends, JavaScript needs the group. */
function scopeFlags(source: string): string {
  let written = "";
  const openedPerGroup: number[] = [0];
  let inClass = false;
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index);
    if (character === "\\") {
      written += character + source.charAt(index + 1);
      index++;
      continue;
    }
    if (character === "[") inClass = true;
    if (character === "]") inClass = false;
    const flags = !inClass && character === "(" ? /^\(\?([a-zA-Z-]+)\)/.exec(source.slice(index)) : null;
    if (flags !== null) {
      written += `(?${(flags[1] ?? "").replaceAll("U", "")}:`;
      openedPerGroup[openedPerGroup.length - 1] = (openedPerGroup.at(-1) ?? 0) + 1;
      index += flags[0].length - 1;
      continue;
    }
    if (!inClass && character === "(") openedPerGroup.push(0);
    if (!inClass && character === ")") written += ")".repeat(openedPerGroup.pop() ?? 0);
    written += character;
  }
  return written + ")".repeat(openedPerGroup.pop() ?? 0);
}
