import { patternComplaint } from "../../../core/index.ts";
import type { ToxicAttribute } from "../stage.ts";

/** A number, never below 0. */
export interface NumberSpec {
  readonly kind: "number";
  /** `ms`, `bytes`, … */
  readonly unit: string;
  readonly summary: string;
  readonly fallback: number;
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
}

/** A text. */
export interface TextSpec {
  readonly kind: "text";
  readonly summary: string;
  readonly fallback: string;
  /** What is wrong with the text, for a person (`expected …`), or undefined when it is fine. */
  complaint(text: string): string | undefined;
}

/** Texts by name, such as HTTP headers. */
export interface TextsSpec {
  readonly kind: "texts";
  readonly summary: string;
  readonly fallback: Readonly<Record<string, string>>;
}

/** One attribute of a toxic, as the control API takes it. Left out, it is its fallback. */
export type AttributeSpec = NumberSpec | TextSpec | TextsSpec;

/** The attributes of a type with these specs. */
export type ValuesOf<Specs extends Readonly<Record<string, AttributeSpec>>> = {
  readonly [Name in keyof Specs]: Specs[Name] extends NumberSpec
    ? number
    : Specs[Name] extends TextSpec
      ? string
      : Extract<ToxicAttribute, object>;
};

/** A whole number of at least 0, 0 when it is left out, as all of Toxiproxy's attributes are. */
export function wholeNumber(
  unit: string,
  summary: string,
  limits: { readonly fallback?: number; readonly min?: number; readonly max?: number } = {},
): NumberSpec {
  const { fallback = 0, min = 0, max = Number.MAX_SAFE_INTEGER } = limits;
  return { kind: "number", unit, summary, fallback, whole: true, min, max };
}

/** A share, 0 to 1. */
export function shareNumber(summary: string, fallback: number): NumberSpec {
  return { kind: "number", unit: "share", summary, fallback, whole: false, min: 0, max: 1 };
}

/** Any text. */
export function text(summary: string, fallback = ""): TextSpec {
  return { kind: "text", summary, fallback, complaint: () => undefined };
}

/** One of these words. */
export function choice(summary: string, words: readonly [string, ...string[]]): TextSpec {
  const complaint = (word: string) =>
    words.includes(word) ? undefined : `expected one of ${words.join(", ")}`;
  return { kind: "text", summary, fallback: words[0], complaint };
}

/**
 * A regular expression in RE2's syntax, matched anywhere and without regard to case; empty: matches everything.
 */
export function pattern(summary: string): TextSpec {
  return { kind: "text", summary, fallback: "", complaint: patternComplaint };
}

/** Texts by name. */
export function texts(summary: string): TextsSpec {
  return { kind: "texts", summary, fallback: {} };
}
