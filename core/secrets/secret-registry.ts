import { UsageError } from "../kanit-error.ts";
import { PLAIN_WORDS, secretParts, secretsOfUrl } from "./plain-values.ts";
import { SecretMatcher, type SecretSearch, type SecretSpan } from "./secret-matcher.ts";
import { spellingsOf } from "./spellings.ts";
import { REDACTED, redactWellKnown, saysSecret } from "./well-known-secrets.ts";

/** Shorter values occur by accident, and redacting them would make the evidence unreadable. */
const SHORTEST_SECRET_CHARS = 6;
/**
 * Each line of a multi-line key from this length on is a secret of its own, since logs contain single lines.
 */
const SHORTEST_SECRET_LINE_CHARS = 16;

/**
 * The secrets of one command: each is registered where it enters, and every text that leaves passes `filter`,
 * or a `SecretStream` when it comes in pieces. It is created where the program starts, and injected.
 */
export class SecretRegistry {
  readonly #matcher: SecretMatcher;
  readonly #known = new Set<string>();
  readonly #plainWords: ReadonlySet<string>;

  /** @param plainWords words that are never secret by value: names of links, symbols, scenarios. */
  constructor(plainWords: Iterable<string> = []) {
    this.#plainWords = new Set(plainWords);
    this.#matcher = new SecretMatcher(
      new Set([...PLAIN_WORDS, ...this.#plainWords].map((word) => word.toLowerCase())),
    );
  }

  /** Creates a registry with these secrets. */
  static of(...secrets: readonly string[]): SecretRegistry {
    const registry = new SecretRegistry();
    for (const secret of secrets) registry.register("secret", secret);
    return registry;
  }

  /**
   * Registers a value that is known to be secret.
   *
   * @param name its name, for the message.
   * @throws UsageError `secret-too-short` for fewer than 6 characters, which cannot be
   *   distinguished from other text.
   */
  register(name: string, secret: string): void {
    const text = secret.trim();
    if (text.length < SHORTEST_SECRET_CHARS) throw tooShort(name, text.length);
    const lines = text.split(/\r?\n|\\n/).map((line) => line.trim());
    for (const part of [text, ...lines.filter(isSecretLine)]) {
      if (this.#known.has(part)) continue;
      this.#known.add(part);
      for (const spelling of spellingsOf(part)) this.#matcher.add(spelling);
    }
  }

  /**
   * Registers the secrets among environment variables: the whole value when the name says so, otherwise every
   * part that `secretParts` does not recognize as plain. Values of fewer than 6 characters are plain.
   *
   * @throws UsageError `secret-too-short` when the name says that a shorter value is secret.
   */
  registerVariables(variables: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(variables)) {
      if (saysSecret(name) && isMeant(value)) this.register(name, value);
      else this.#registerParts(name, secretParts(value, this.#plainWords));
    }
  }

  /** Registers the credentials in an address, if it is one. */
  registerUrl(address: string): void {
    if (URL.canParse(address)) this.#registerParts("address", secretsOfUrl(new URL(address)));
  }

  /** What is registered, for another thread, which makes a registry of its own. */
  registered(): readonly string[] {
    return [...this.#known];
  }

  /**
   * Replaces every registered secret in the text, then what is a secret by its name or shape.
   *
   * @param before What was written before the text: a secret may begin there.
   */
  filter(text: string, before = ""): string {
    const spans = spansBehind(this.#matcher.search(before + text).spans, before.length);
    return redactWellKnown(replaced(text, spans));
  }

  /** Like `filter`, for the beginning of a text that was searched. */
  filterFound(text: string, spans: readonly SecretSpan[]): string {
    const within = spans.flatMap(({ start, end }) =>
      start < text.length ? [{ start, end: Math.min(end, text.length) }] : [],
    );
    return redactWellKnown(replaced(text, within));
  }

  /** Like `filter`, but leaves text alone that only looks like a secret: for data that must stay as it is. */
  filterRegistered(text: string): string {
    return replaced(text, this.#matcher.search(text).spans);
  }

  /**
   * Finds the registered secrets in a text, and where one may begin whose rest is not there yet.
   *
   * @param before As of `filter`.
   */
  search(text: string, before: string): SecretSearch {
    const { spans, openFrom } = this.#matcher.search(before + text);
    return {
      spans: spansBehind(spans, before.length),
      openFrom: Math.max(0, openFrom - before.length),
    };
  }

  #registerParts(name: string, parts: readonly string[]): void {
    for (const part of parts) {
      if (part.trim().length >= SHORTEST_SECRET_CHARS) this.register(name, part);
    }
  }
}

function isSecretLine(line: string): boolean {
  return line.length >= SHORTEST_SECRET_LINE_CHARS && !line.startsWith("-----");
}

/** `PASSWORD=` and `TOKENS_ENABLED=true` contain no secret, in spite of their names. */
function isMeant(value: string): boolean {
  return !/^(?:|true|false|on|off|yes|no|none|null|\d{1,5})$/i.test(value.trim());
}

/** The spans in the text that begins at a place, without what is before it. */
function spansBehind(spans: readonly SecretSpan[], place: number): readonly SecretSpan[] {
  return spans.flatMap(({ start, end }) =>
    end > place ? [{ start: Math.max(0, start - place), end: end - place }] : [],
  );
}

function replaced(text: string, spans: readonly SecretSpan[]): string {
  if (spans.length === 0) return text;
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    pieces.push(text.slice(from, start), REDACTED);
    from = end;
  }
  return [...pieces, text.slice(from)].join("");
}

function tooShort(name: string, length: number): UsageError {
  return new UsageError({
    code: "secret-too-short",
    message: `Expected secrets of at least ${SHORTEST_SECRET_CHARS} characters, got one of ${length}: ${name}.`,
    nextStep: "Use a longer credential in the lab: a shorter one cannot be kept out of the evidence.",
  });
}
