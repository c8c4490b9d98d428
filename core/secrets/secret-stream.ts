import type { SecretSpan } from "./secret-matcher.ts";
import type { SecretRegistry } from "./secret-registry.ts";

/** A longer line is not waited for: a program that never ends its line must not fill the memory. */
const LONGEST_LINE_CHARS = 64 * 1024;
/** The most that is held back: longer than the longest key in any spelling that a program prints. */
const LONGEST_HELD_CHARS = 128 * 1024;
/** More than two escaped characters, and what may separate them from the next. */
const LAST_CHARACTERS = /.{0,32}[\s"'+,\\=]{0,64}$/su;
/** The longest match of the pattern. It is tried at every place of a text, which takes long on a long one. */
const LONGEST_LAST_CHARACTERS = 2 * (32 + 64);
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g;

/**
 * Filters a text that comes in pieces. Whole lines pass; a line that may contain the beginning of a secret is
 * held back, with everything after it, until the rest has come.
 */
export class SecretStream {
  readonly #secrets: SecretRegistry;
  #held = "";
  /** The end of what was released, in which a secret may have begun. */
  #before = "";

  constructor(secrets: SecretRegistry) {
    this.#secrets = secrets;
  }

  /** Takes the next piece. Returns what can be written now. */
  push(piece: string): string {
    this.#held += piece;
    const isLong = this.#held.length > LONGEST_LINE_CHARS;
    if (!isLong && !piece.includes("\n")) return "";
    const { open, spans, keys } = this.#search();
    const safe = lineEndBefore(this.#held, open, [...spans, ...keys]);
    if (safe > 0 || !isLong) return this.#release(safe, spans);
    return this.#release(this.#held.length > LONGEST_HELD_CHARS ? this.#held.length : open, spans);
  }

  /** Returns what was held back, at the end of the text. */
  end(): string {
    return this.#release(this.#held.length, this.#search().spans);
  }

  /** The secrets and private keys in the text that is held, and where one may begin that is not whole. */
  #search(): {
    readonly open: number;
    readonly spans: readonly SecretSpan[];
    readonly keys: readonly SecretSpan[];
  } {
    const { openFrom, spans } = this.#secrets.search(this.#held, this.#before);
    const keys = [...this.#held.matchAll(PRIVATE_KEY)].map(({ 0: key, index: start }) => ({
      start,
      end: start + key.length,
      isWhole: key.includes("-----END"),
    }));
    const openKey = keys.find(({ isWhole }) => !isWhole)?.start ?? this.#held.length;
    return { open: Math.min(openFrom, openKey), spans, keys };
  }

  /** @param spans What was found in the text that is held. */
  #release(length: number, spans: readonly SecretSpan[]): string {
    const text = this.#held.slice(0, length);
    if (text === "") return "";
    this.#held = this.#held.slice(length);
    const clean = this.#secrets.filterFound(text, spans);
    const end = (this.#before + text).slice(-LONGEST_LAST_CHARACTERS);
    this.#before = LAST_CHARACTERS.exec(end)?.[0] ?? "";
    return clean;
  }
}

/**
 * The end of the last line that ends at `limit` at the latest and not within a secret; 0 when there is none.
 */
function lineEndBefore(text: string, limit: number, spans: readonly SecretSpan[]): number {
  const end = limit === 0 ? 0 : text.lastIndexOf("\n", limit - 1) + 1;
  const torn = spans.find((span) => span.start < end && end < span.end);
  return torn === undefined ? end : lineEndBefore(text, torn.start, spans);
}
