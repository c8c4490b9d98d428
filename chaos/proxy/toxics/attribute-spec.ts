import { patternComplaint } from "../../../core/index.ts";
import type { ToxicAttribute } from "../stage.ts";

/**
 * Units of numeric attributes, with the suffix that each adds to a fault's attribute name: a toxic's `delay`
 * in ms is a fault's `delayMs`.
 */
export const UNIT_SUFFIXES = {
  ms: "Ms",
  µs: "Us",
  bytes: "Bytes",
  "KB/s": "KBps",
  count: "",
  rows: "",
  messages: "",
  code: "",
  "status code": "",
  "share, 0 to 1": "",
} as const;

export type Unit = keyof typeof UNIT_SUFFIXES;

/** A number, never below 0. */
export interface NumberSpec<U extends Unit = Unit> {
  readonly kind: "number";
  readonly unit: U;
  readonly summary: string;
  readonly fallback: number;
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
}

/** One of some words. */
export interface ChoiceSpec<Word extends string = string> {
  readonly kind: "choice";
  readonly summary: string;
  readonly words: readonly [Word, ...Word[]];
  readonly fallback: Word;
}

/** A text. */
export interface TextSpec {
  readonly kind: "text";
  readonly summary: string;
  readonly fallback: string;
  /** What is wrong with the text (`expected …`), or undefined when it is valid. */
  complaint(text: string): string | undefined;
}

/** Texts by name, such as HTTP headers. */
export interface TextsSpec {
  readonly kind: "texts";
  readonly summary: string;
  readonly fallback: Readonly<Record<string, string>>;
  /** What is wrong with one of them (`expected …`), or undefined when all are valid. */
  complaint(name: string, text: string): string | undefined;
}

/** One attribute of a toxic, as in the control API. When it is absent, it has its fallback. */
export type AttributeSpec = NumberSpec | ChoiceSpec | TextSpec | TextsSpec;

/** The attributes of a kind of toxic, by name. */
export type AttributeSpecs = Readonly<Record<string, AttributeSpec>>;

/** The values that an attribute with this specification may have. */
export type ValueOf<Spec extends AttributeSpec> = Spec extends NumberSpec
  ? number
  : Spec extends ChoiceSpec<infer Word>
    ? Word
    : Spec extends TextSpec
      ? string
      : Extract<ToxicAttribute, object>;

/** The attributes of a kind of toxic with these specifications. */
export type ValuesOf<Specs extends AttributeSpecs> = { readonly [Name in keyof Specs]: ValueOf<Specs[Name]> };

/** A whole number of at least 0, by default 0 like all of Toxiproxy's attributes. */
export function wholeNumber<const U extends Unit>(
  unit: U,
  summary: string,
  limits: { readonly fallback?: number; readonly min?: number; readonly max?: number } = {},
): NumberSpec<U> {
  const { fallback = 0, min = 0, max = Number.MAX_SAFE_INTEGER } = limits;
  return { kind: "number", unit, summary, fallback, whole: true, min, max };
}

/** A share, 0 to 1. */
export function shareNumber(summary: string, fallback: number): NumberSpec<"share, 0 to 1"> {
  return { kind: "number", unit: "share, 0 to 1", summary, fallback, whole: false, min: 0, max: 1 };
}

/** Any text for which `complaint` returns nothing. */
export function text(
  summary: string,
  fallback = "",
  complaint: TextSpec["complaint"] = () => undefined,
): TextSpec {
  return { kind: "text", summary, fallback, complaint };
}

/** One of these words; the first is the default. */
export function choice<const Word extends string>(
  summary: string,
  words: readonly [Word, ...Word[]],
): ChoiceSpec<Word> {
  return { kind: "choice", summary, words, fallback: words[0] };
}

/**
 * A regular expression in RE2's syntax, matched anywhere and without regard to case; the
 * empty one matches everything.
 */
export function pattern(summary: string): TextSpec {
  return text(summary, "", patternComplaint);
}

/** Texts by name, for each of which `complaint` returns nothing. */
export function texts(summary: string, complaint: TextsSpec["complaint"]): TextsSpec {
  return { kind: "texts", summary, fallback: {}, complaint };
}
