import { RE2JS } from "re2js";

/**
 * A regular expression for JSONata that takes time in proportion to the text, by RE2. JavaScript's own expressions can
 * take forever on a short text, and the text comes from the platform under test. Only what JSONata uses is there.
 */
export class LinearRegExp {
  readonly source: string;
  lastIndex = 0;
  readonly #pattern: RE2JS;

  /** @throws RE2JSException when RE2 has no such expression, as of one that looks around or back. */
  constructor({ source, flags }: Pick<RegExp, "source" | "flags">) {
    this.source = source;
    const ignoresCase = flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0;
    this.#pattern = RE2JS.compile(source, ignoresCase | (flags.includes("m") ? RE2JS.MULTILINE : 0));
  }

  /** The next match from `lastIndex` on, which moves behind it. */
  exec(text: string): RegExpExecArray | null {
    const matcher = this.#pattern.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    this.lastIndex = matcher.end();
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group));
    return Object.assign(groups, { index: matcher.start(), input: text }) as unknown as RegExpExecArray;
  }
}
