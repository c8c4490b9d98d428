import { parseUnits, type Units } from "../../market/units.ts";
import { binanceError } from "../binance-error.ts";

const DECIMAL = "^([0-9]{1,20})(\\.[0-9]{1,20})?$";
const WHOLE = "^[0-9]{1,20}$";
const BOOLEAN = "^(true|false|TRUE|FALSE)$";
const MAX_DECIMALS = 8;
/** From this value on a time is in microseconds: in milliseconds it would be 3,000 years ahead. */
const MICROSECONDS_FROM = 1e14;

/** A request's parameters: those of the query, and those of the body that the query does not have. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  /** Throws -1101 when the query or the body has a parameter twice. */
  constructor(query: string, body: string) {
    const values = valuesOf(query);
    // The query takes precedence over the body.
    for (const [name, value] of valuesOf(body)) if (!values.has(name)) values.set(name, value);
    this.#values = values;
  }

  /**
   * The parameters of a WebSocket API request: numbers and lists are read as their JSON text, `null` as
   * absent.
   */
  static ofRecord(record: Readonly<Record<string, unknown>>): Parameters {
    const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
    const entries = Object.entries(record)
      .filter(([, value]) => value !== null)
      .map(([name, value]): [string, string] => [name, text(value)]);
    return new Parameters(new URLSearchParams(entries).toString(), "");
  }

  /** The names of everything that was sent. */
  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** The value, or undefined when it is absent or empty. */
  optional(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === "" ? undefined : value;
  }

  /** The value. Throws -1102 when it is missing. */
  mandatory(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw binanceError.missing(name);
    return value;
  }

  /** A text that matches a pattern. Throws -1100 when it does not. */
  matching(name: string, range: string): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && !regExpOf(range).test(value))
      throw binanceError.illegalCharacters(name, range);
    return value;
  }

  /** A whole number. Throws -1100 for anything else. */
  whole(name: string): number | undefined {
    const value = this.matching(name, WHOLE);
    return value === undefined ? undefined : Number(value);
  }

  /** A time in ms since the epoch, sent in ms or µs. Throws -1100 for anything else. */
  timeMs(name: string): number | undefined {
    const time = this.whole(name);
    return time !== undefined && time >= MICROSECONDS_FROM ? time / 1_000 : time;
  }

  /** A boolean, false when it is absent. Throws -1100 for anything else. */
  boolean(name: string): boolean {
    return this.matching(name, BOOLEAN)?.toLowerCase() === "true";
  }

  /** One of several words. Throws -1130 for any other. */
  oneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    const word = words.find((known) => known === value);
    if (word === undefined) throw binanceError.invalidData(name);
    return word;
  }

  /** A decimal amount. Throws -1100 for anything else, -1111 when it has more than eight decimals. */
  decimal(name: string): Units | undefined {
    const value = this.matching(name, DECIMAL);
    if (value === undefined) return undefined;
    const decimals = value.split(".")[1] ?? "";
    if (decimals.replace(/0+$/, "").length > MAX_DECIMALS) throw binanceError.tooMuchPrecision(name);
    return parseUnits(value);
  }
}

function valuesOf(encoded: string): Map<string, string> {
  if (encoded === "") return new Map();
  const sent = new URLSearchParams(encoded);
  const values = new Map(sent);
  if (values.size < sent.size) throw binanceError.duplicateParameter();
  return values;
}

/** Cached: there are few ranges, and every request needs them. */
const compiled = new Map<string, RegExp>();

function regExpOf(range: string): RegExp {
  const known = compiled.get(range) ?? new RegExp(range);
  compiled.set(range, known);
  return known;
}
