import { type Clock, systemClock } from "../../core/index.ts";
import { ApiError } from "./api/api-error.ts";
import type { LinkInput, LinkUpdate } from "./api/proxy-input.ts";
import { DecisionLog } from "./decision-log.ts";
import { FairLoop } from "./fair-loop.ts";
import type { Holding } from "./leases/holding.ts";
import type { Lease } from "./leases/lease.ts";
import { LeaseBook, type LeaseEnd } from "./leases/lease-book.ts";
import { LeasedLink } from "./leases/leased-link.ts";
import { Link } from "./link.ts";
import { type LinkFence, requireWithinFence } from "./link-fence.ts";
import { onFreePort, sameListen } from "./listener.ts";
import type { ToxicBite } from "./toxic-bite.ts";
import { MAX_TOXICS } from "./toxic-chain.ts";

/** The number of links, open or not. Each open one has a port. */
export const MAX_LINKS = 2_000;

export interface LinkCollectionOptions {
  /** Determines every seeded decision. */
  readonly seed: number;
  readonly clock?: Clock;
  /** The addresses that links may connect to and listen on; absent: any. */
  readonly fence?: LinkFence;
  /** Called for each lease that ended. */
  readonly onLeaseEnd?: (end: LeaseEnd) => void;
}

/** A link as it will be. Everything that can fail has been done; either of the two ends the preparation. */
interface PreparedLink {
  readonly link: Link;
  commit(): void;
  discard(): Promise<void>;
}

/** All links of this proxy process. Changes are made one after the other. */
export class LinkCollection {
  /** The decisions on all links since the last reset. */
  readonly decisions = new DecisionLog();
  /** The leases under which links are changed temporarily. */
  readonly leases: LeaseBook;
  readonly #links = new Map<string, Link>();
  readonly #leased = new WeakMap<Link, LeasedLink>();
  readonly #fence: LinkFence;
  #seed: number;
  readonly #clock: Clock;
  readonly #loop: FairLoop;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: LinkCollectionOptions) {
    this.#seed = options.seed;
    this.#fence = options.fence ?? { kind: "open" };
    this.#clock = options.clock ?? systemClock;
    this.#loop = new FairLoop(this.#clock);
    this.leases = new LeaseBook({
      clock: this.#clock,
      undo: (lease) => this.#undo(lease),
      onEnd: options.onLeaseEnd ?? (() => undefined),
    });
  }

  all(): readonly Link[] {
    return [...this.#links.values()];
  }

  /** @throws ApiError 404 */
  get(name: string): Link {
    const link = this.#links.get(name);
    if (link === undefined) throw ApiError.proxyNotFound(name, this.#links.keys());
    return link;
  }

  /**
   * The link of that name, to change its toxics, with or without a lease.
   *
   * @throws ApiError 404
   */
  leased(name: string): LeasedLink {
    return this.#leasedOf(this.get(name));
  }

  /** The changes that are undone when the lease ends. */
  holdingsOf(lease: Lease): readonly Holding[] {
    return this.all().flatMap((link) => this.#leasedOf(link).holdingsOf(lease));
  }

  /**
   * Creates a link; a link that is created under a lease is removed with it.
   *
   * @throws ApiError 409 when there is one of that name; 410 when the lease has ended; 429 when there are
   *   too many; 500 when its address cannot be bound.
   */
  create(input: LinkInput, lease: Lease | null): Promise<Link> {
    return this.#change(async () => {
      lease?.throwIfOver();
      requireWithinFence(this.#fence, addressesOf(input));
      if (this.#links.has(input.name)) throw ApiError.proxyAlreadyExists(input.name);
      const { link, commit } = await this.#prepareNew(input, lease);
      commit();
      return link;
    });
  }

  /** @throws ApiError 404; 410 when the lease has ended; 500 when the link's address cannot be bound. */
  update(name: string, update: LinkUpdate, lease: Lease | null): Promise<Link> {
    return this.#change(async () => {
      const link = this.get(name);
      requireWithinFence(this.#fence, addressesOf(update));
      const listens = (update.enabled ?? link.enabled) && update.listen !== undefined;
      const change = (listen: string) => this.#leasedOf(link).update({ ...update, listen }, lease);
      if (listens) await onFreePort(update.listen, change);
      else await this.#leasedOf(link).update(update, lease);
      return link;
    });
  }

  /**
   * Makes each of these links exactly as requested: created or changed, enabled or not, with these toxics and
   * no others. Links that are not named stay as they are. Everything that can fail is prepared first: when
   * one link cannot be made, none is changed.
   *
   * @throws ApiError like `create` and `update`.
   */
  populate(inputs: readonly LinkInput[]): Promise<readonly Link[]> {
    return this.#change(async () => {
      const changes: PreparedLink[] = [];
      try {
        // As in Toxiproxy, the last of those that have one name counts.
        for (const input of new Map(inputs.map((each) => [each.name, each])).values()) {
          changes.push(await this.#prepare(input, changes.length));
        }
      } catch (error) {
        for (const { discard } of changes.toReversed()) await discard();
        throw error;
      }
      for (const { commit } of changes) commit();
      return changes.map(({ link }) => link);
    });
  }

  /**
   * @throws ApiError 404; 409 when the link was not created under this lease; 410 when the lease has ended.
   */
  remove(name: string, lease: Lease | null): Promise<void> {
    return this.#change(async () => {
      lease?.throwIfOver();
      const link = this.get(name);
      if (lease !== null && !this.#leasedOf(link).isMadeUnder(lease)) {
        throw ApiError.notOfLease(`proxy ${name}`);
      }
      this.#removeNow(link);
    });
  }

  /**
   * Enables every link, removes every toxic, undoes the leases' changes and deletes the bites. Leases stay
   * open, and keep only the links that were created under them.
   *
   * @throws ApiError 500, after all have been tried, when the address of one cannot be bound.
   */
  reset(): Promise<void> {
    return this.#change(async () => {
      await this.#onEach(async (link) => {
        await this.#leasedOf(link).clear();
        await link.enable();
        link.ledger.clear();
      });
      this.decisions.clear();
    });
  }

  /**
   * Starts again with this seed: resets, after which every link counts its connections from 1, those that are
   * open first. What follows therefore does not depend on what happened before.
   *
   * @throws ApiError 500 like `reset`.
   */
  async restart(seed: number): Promise<void> {
    await this.reset();
    await this.#change(async () => {
      this.#seed = seed;
      for (const link of this.all()) link.restart(seed);
    });
  }

  /** Closes every link. */
  close(): Promise<void> {
    this.leases.stop();
    return this.#change(async () => {
      for (const link of this.all()) link.disable();
      this.#links.clear();
    });
  }

  bites(): ToxicBite[] {
    return this.all().flatMap((link) => link.ledger.toBody());
  }

  async #prepare(input: LinkInput, preparedCount: number): Promise<PreparedLink> {
    requireWithinFence(this.#fence, addressesOf(input));
    requireRoomForToxics(input.toxics);
    const link = this.#links.get(input.name);
    if (link === undefined) return this.#prepareNew(input, null, preparedCount);
    const leased = this.#leasedOf(link);
    const { listen: standing } = leased.standing;
    const listen = sameListen(input.listen, standing) ? standing : input.listen;
    const listener = input.enabled ? await link.prepare(listen) : null;
    return {
      link,
      commit: () => link.become({ ...input, listen }, listener, () => leased.settleWith(input.toxics)),
      discard: () => link.discard(listener),
    };
  }

  /** A link that listens already, if it is enabled, and can be found once it is committed. */
  async #prepareNew(input: LinkInput, lease: Lease | null, preparedCount = 0): Promise<PreparedLink> {
    if (this.#links.size + preparedCount >= MAX_LINKS) throw ApiError.tooManyProxies(MAX_LINKS);
    const { name, listen, upstream } = input;
    const link = new Link({
      name,
      listen,
      upstream,
      seed: this.#seed,
      clock: this.#clock,
      loop: this.#loop,
      decisions: this.decisions,
    });
    link.toxics.addEach(input.toxics);
    if (input.enabled) await link.enable();
    return {
      link,
      commit: () => {
        this.#links.set(name, link);
        this.#leased.set(link, new LeasedLink(link, lease));
      },
      discard: async () => link.disable(),
    };
  }

  #removeNow(link: Link): void {
    link.disable();
    this.#links.delete(link.name);
  }

  #leasedOf(link: Link): LeasedLink {
    const leased = this.#leased.get(link) ?? new LeasedLink(link, null);
    this.#leased.set(link, leased);
    return leased;
  }

  #undo(lease: Lease): Promise<void> {
    return this.#change(() =>
      this.#onEach(async (link) => {
        const leased = this.#leasedOf(link);
        if (leased.isMadeUnder(lease)) this.#removeNow(link);
        else await leased.undo(lease);
      }),
    );
  }

  /** When one link fails, the others are still processed. */
  async #onEach(action: (link: Link) => Promise<void>): Promise<void> {
    const errors: unknown[] = [];
    for (const link of this.all()) await action(link).catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  }

  #change<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(action);
    // The next change waits for this one whatever its result, which only its caller receives.
    this.#lastChange = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}

/** The requested addresses. */
function addressesOf({ listen, upstream }: LinkUpdate): Partial<Record<"listen" | "upstream", string>> {
  return { ...(listen === undefined ? {} : { listen }), ...(upstream === undefined ? {} : { upstream }) };
}

/** @throws ApiError 429 */
function requireRoomForToxics(toxics: readonly unknown[]): void {
  if (toxics.length > MAX_TOXICS) throw ApiError.tooManyToxics(MAX_TOXICS);
}
