/** Configuration values that are never secret, whatever the name of their variable. */
export const PLAIN_WORDS: ReadonlySet<string> = new Set(
  `always binance btcturk debug default development disable disabled enable enabled exchange
   false fatal inconclusive info localhost metrics never nothing platform postgres pgbouncer production quotes
   random recorded require required scenario scenarios silent staging strict synthetic testing trace unknown verbose
   verify-full warning`.split(/\s+/),
);
/** A number of up to nine digits, with a unit: a port, `60000`, `0.25`, `30000ms`, `512MB`. */
const NUMBER = /^[+-]?(?=[\d.]{1,10}(?![\d.]))\d*\.?\d+\s?(?:[a-zA-Z]{1,3}|%)?$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?::\d{1,5})?$/;
const ROOTS = "bin|data|dev|etc|home|mnt|opt|private|proc|root|run|srv|tmp|usr|Users|var|work";
const PATH = new RegExp(`^(?:\\.{1,2}|~|/(?:${ROOTS}))(?:/[\\w@ .+-]*)*$`);
/** A part of an address or a path with at least 16 letters and digits, like a token. */
const RANDOM_PART = /(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{16,}/g;

/**
 * The secret parts of a variable's value, when the variable's name does not say that it is secret. Everything
 * is secret except what is recognizably plain: words of configuration, numbers, addresses of this machine and
 * paths. Of addresses and paths, the credentials and the parts that look random are secret.
 *
 * @param plainWords words of the lab besides the usual ones: names of links, symbols, scenarios.
 */
export function secretParts(value: string, plainWords: ReadonlySet<string>): readonly string[] {
  const text = value.trim();
  const items = text.split(/[,;\s]+/);
  if (items.every((item) => isPlain(item, plainWords))) return [];
  if (PATH.test(text)) return text.match(RANDOM_PART) ?? [];
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text)) return secretsOfUrl(new URL(text));
  return [text];
}

function isPlain(item: string, plainWords: ReadonlySet<string>): boolean {
  return (
    PLAIN_WORDS.has(item.toLowerCase()) || plainWords.has(item) || NUMBER.test(item) || LOOPBACK.test(item)
  );
}

/** User, password, query values, and what looks random in the path. */
export function secretsOfUrl(url: URL): readonly string[] {
  const credentials = url.password === "" ? [url.username] : [url.password];
  const values = [...url.searchParams.values()].filter((value) => !NUMBER.test(value));
  const random = url.pathname.match(RANDOM_PART) ?? [];
  return [...credentials.map(decoded), ...values, ...random];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
