import { type Clock, systemClock } from "../../core/index.ts";
import { ApiError } from "./api/api-error.ts";
import type { LinkInput, LinkUpdate } from "./api/proxy-input.ts";
import type { BiteRecord } from "./bite-ledger.ts";
import { DecisionLog } from "./decision-log.ts";
import { Link } from "./link.ts";

export interface LinkCollectionOptions {
  /** What every seeded decision depends on. */
  readonly seed: number;
  readonly clock?: Clock;
}

/** Every link of this proxy process. Changes are made one after the other. */
export class LinkCollection {
  /** What was decided on any link since the last reset. */
  readonly decisions = new DecisionLog();
  readonly #links = new Map<string, Link>();
  readonly #seed: number;
  readonly #clock: Clock;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: LinkCollectionOptions) {
    this.#seed = options.seed;
    this.#clock = options.clock ?? systemClock;
  }

  all(): readonly Link[] {
    return [...this.#links.values()];
  }

  /** @throws ApiError 404 */
  get(name: string): Link {
    const link = this.#links.get(name);
    if (link === undefined) throw ApiError.proxyNotFound();
    return link;
  }

  /** @throws ApiError 409 when there is one of that name; 500 when its address cannot be bound. */
  create(input: LinkInput): Promise<Link> {
    return this.#change(async () => {
      if (this.#links.has(input.name)) throw ApiError.proxyAlreadyExists();
      return this.#createNow(input);
    });
  }

  /** @throws ApiError 404, and 500 when its address cannot be bound. */
  update(name: string, update: LinkUpdate): Promise<Link> {
    return this.#change(async () => {
      const link = this.get(name);
      if (update.upstream !== undefined) link.setUpstream(update.upstream);
      if (update.listen !== undefined) await link.setListen(update.listen);
      if (update.enabled === true) await link.enable();
      if (update.enabled === false) link.disable();
      return link;
    });
  }

  /**
   * Makes each of these links exactly what is asked: created or changed, enabled or not, with these toxics and no
   * others. Links that are not named stay as they are. Gives them up to the first that failed, and its error.
   */
  populate(
    inputs: readonly LinkInput[],
  ): Promise<{ readonly links: readonly Link[]; readonly error?: ApiError }> {
    return this.#change(async () => {
      const links: Link[] = [];
      for (const input of inputs) {
        try {
          links.push(await this.#populateOne(input));
        } catch (error) {
          if (error instanceof ApiError) return { links, error };
          throw error;
        }
      }
      return { links };
    });
  }

  /** @throws ApiError 404 */
  remove(name: string): Promise<void> {
    return this.#change(async () => {
      this.get(name).disable();
      this.#links.delete(name);
    });
  }

  /** Enables every link, removes every toxic and forgets the bites. */
  reset(): Promise<void> {
    return this.#change(async () => {
      for (const link of this.all()) {
        await link.enable();
        link.toxics.removeAll();
        link.ledger.clear();
      }
      this.decisions.clear();
    });
  }

  /** Closes every link. */
  close(): Promise<void> {
    return this.#change(async () => {
      for (const link of this.all()) link.disable();
      this.#links.clear();
    });
  }

  bites(): BiteRecord[] {
    return this.all().flatMap((link) => link.ledger.records());
  }

  async #populateOne(input: LinkInput): Promise<Link> {
    const link = this.#links.get(input.name);
    if (link === undefined) return this.#createNow(input);
    link.setUpstream(input.upstream);
    await link.setListen(input.listen);
    link.toxics.removeAll();
    for (const toxic of input.toxics) link.toxics.add(toxic);
    if (input.enabled) await link.enable();
    else link.disable();
    return link;
  }

  async #createNow(input: LinkInput): Promise<Link> {
    const { name, listen, upstream } = input;
    const link = new Link({
      name,
      listen,
      upstream,
      seed: this.#seed,
      clock: this.#clock,
      decisions: this.decisions,
    });
    for (const toxic of input.toxics) link.toxics.add(toxic);
    if (input.enabled) await link.enable();
    this.#links.set(name, link);
    return link;
  }

  #change<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(action);
    // The next change waits for this one, and does not care how it went: its caller is told.
    this.#lastChange = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
