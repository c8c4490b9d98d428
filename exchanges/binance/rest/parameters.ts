import { parseUnits, type Units } from "../../market/units.ts";
import { binanceError } from "../binance-error.ts";

const DECIMAL = "^([0-9]{1,20})(\\.[0-9]{1,20})?$";
const WHOLE = "^[0-9]{1,20}$";
const MAX_DECIMALS = 8;

/** A request's parameters: those of the query, then those of the body that the query does not have. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(query: string, body: string) {
    this.#values = new Map([...new URLSearchParams(body), ...new URLSearchParams(query)]);
  }

  /** The value, or nothing when it was not sent or is empty. */
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

  /** A text of a legal form. Throws -1100 when it has another. */
  matching(name: string, range: string): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && !new RegExp(range).test(value))
      throw binanceError.illegalCharacters(name, range);
    return value;
  }

  /** A whole number. Throws -1100 when it is none. */
  whole(name: string): number | undefined {
    const value = this.matching(name, WHOLE);
    return value === undefined ? undefined : Number(value);
  }

  /** A decimal amount. Throws -1100 when it is none, -1111 when it has more than eight decimals. */
  decimal(name: string): Units | undefined {
    const value = this.matching(name, DECIMAL);
    if (value === undefined) return undefined;
    const decimals = value.split(".")[1] ?? "";
    if (decimals.replace(/0+$/, "").length > MAX_DECIMALS) throw binanceError.tooMuchPrecision(name);
    return parseUnits(value);
  }
}
