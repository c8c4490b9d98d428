import { ApiError } from "./api/api-error.ts";
import type { BiteLedger, Counting } from "./bite-ledger.ts";
import type { Connection } from "./connection.ts";
import type { Toxic, ToxicBody } from "./toxic.ts";
import type { ToxicType } from "./toxics/toxic-type.ts";

/** The properties of an active toxic that can be changed. */
export type ToxicChange = Partial<Pick<Toxic, "attributes" | "toxicity">>;

/** Every chunk passes each toxic in turn, on the call stack of the one before it. */
export const MAX_TOXICS = 100;

/** The toxics of one link, in the order in which they were added, applied to its open connections. */
export class ToxicChain {
  readonly #ledger: BiteLedger;
  readonly #connections: ReadonlySet<Connection>;
  readonly #onChange: () => void;
  #toxics: Toxic[] = [];

  /** `onChange` is called after the open connections were updated. */
  constructor(ledger: BiteLedger, connections: ReadonlySet<Connection>, onChange: () => void) {
    this.#ledger = ledger;
    this.#connections = connections;
    this.#onChange = onChange;
  }

  all(): readonly Toxic[] {
    return this.#toxics;
  }

  /** Upstream toxics first, then downstream, as Toxiproxy lists them. */
  toBodies(): ToxicBody[] {
    const rank = (toxic: Toxic) => (toxic.stream === "upstream" ? 0 : 1);
    return this.#toxics.toSorted((one, other) => rank(one) - rank(other)).map((toxic) => toxic.toBody());
  }

  /** @throws ApiError 404 */
  get(name: string): Toxic {
    const found = this.#toxics.find((toxic) => toxic.name === name);
    if (found === undefined) {
      throw ApiError.toxicNotFound(
        name,
        this.#toxics.map((toxic) => toxic.name),
      );
    }
    return found;
  }

  /** @throws ApiError 409 when there is one of that name, on either stream. */
  add(toxic: Toxic): void {
    this.addEach([toxic]);
  }

  /**
   * Adds all or none. Open connections are updated once.
   *
   * @throws ApiError 409 when two would have one name; 429 when there would be more than a link may have.
   */
  addEach(toxics: readonly Toxic[]): void {
    const names = new Set(this.#toxics.map(({ name }) => name));
    for (const { name } of toxics) {
      if (names.has(name)) throw ApiError.toxicAlreadyExists(name);
      names.add(name);
    }
    if (names.size > MAX_TOXICS) throw ApiError.tooManyToxics(MAX_TOXICS);
    for (const { name, type } of toxics) this.#ledger.open(name, countingOf(type));
    this.#ledger.forgetOldest((name) => names.has(name));
    this.#toxics = [...this.#toxics, ...toxics];
    for (const connection of this.#connections) connection.addToxics(toxics);
    this.#onChange();
  }

  /** @throws ApiError 404 */
  update(name: string, change: ToxicChange): Toxic {
    const toxic = this.get(name);
    Object.assign(toxic, change);
    for (const connection of this.#connections) connection.updateToxic(toxic);
    // A changed toxicity may add or remove affected connections.
    this.#replaceAll(this.#toxics);
    return toxic;
  }

  /** @throws ApiError 404 */
  remove(name: string): void {
    this.removeEach(new Set([this.get(name)]));
  }

  removeAll(): void {
    this.#replaceAll([]);
  }

  /** Removes those of these toxics that it has. Open connections are updated once. */
  removeEach(toxics: ReadonlySet<Toxic>): void {
    this.#toxics = this.#toxics.filter((toxic) => !toxics.has(toxic));
    for (const connection of this.#connections) connection.removeToxics(toxics);
    this.#onChange();
  }

  #replaceAll(toxics: readonly Toxic[]): void {
    this.#toxics = [...toxics];
    for (const connection of this.#connections) connection.applyToxics(this.#toxics);
    this.#onChange();
  }
}

function countingOf(type: ToxicType): Counting {
  const blindness =
    type.works === "on-connect" && type.closesListener
      ? "the kernel refuses connections to a closed port without notice; connect-reset can be counted"
      : null;
  return { countsMessages: type.protocol !== "tcp", blindness };
}
