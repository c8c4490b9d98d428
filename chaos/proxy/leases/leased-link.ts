import type { Link } from "../link.ts";
import type { Toxic } from "../toxic.ts";
import type { ToxicChange } from "../toxic-chain.ts";
import type { Holding, LinkProperties } from "./holding.ts";
import type { Lease } from "./lease.ts";
import { LeasedProperties } from "./leased-properties.ts";
import { LeasedToxics } from "./leased-toxics.ts";

/**
 * A link, and what leases changed on it. The rules:
 *
 * - When a lease ends, the link is as if the lease had never been: what others did meanwhile stands.
 * - Of two leases that change the same thing, the later change is in force, and under it the earlier one waits.
 * - A change without a lease is for good: it replaces what leases made of the same thing. Removing a toxic removes it,
 *   whoever holds it. Changing a toxic or a link that came with a lease does not keep it: it goes with its lease.
 * - Under a lease only what the lease itself holds can be removed, since another removal could not be undone.
 */
export class LeasedLink {
  readonly #toxics: LeasedToxics;
  readonly #properties: LeasedProperties;
  readonly #name: string;
  #creator: Lease | null;

  /** `creator` is the lease that the link itself was made under. */
  constructor(link: Link, creator: Lease | null) {
    this.#toxics = new LeasedToxics(link);
    this.#properties = new LeasedProperties(link);
    this.#name = link.name;
    this.#creator = creator;
  }

  /** Whether the link itself goes when this lease ends. */
  isMadeUnder(lease: Lease): boolean {
    return this.#creator === lease;
  }

  /** @throws ApiError 409 when there is a toxic of that name; 410 when the lease is over. */
  addToxic(toxic: Toxic, lease: Lease | null): void {
    lease?.throwIfOver();
    this.#toxics.add(toxic, lease);
  }

  /** @throws ApiError 404 when there is no toxic of that name; 410 when the lease is over. */
  updateToxic(name: string, change: ToxicChange, lease: Lease | null): Toxic {
    lease?.throwIfOver();
    return this.#toxics.update(name, change, lease);
  }

  /** @throws ApiError 404 when there is no such toxic; 409 when the lease does not hold it; 410 when it is over. */
  removeToxic(name: string, lease: Lease | null): void {
    lease?.throwIfOver();
    this.#toxics.remove(name, lease);
  }

  /** @throws ApiError 500 when an address cannot be bound; 410 when the lease is over. */
  async update(change: Partial<LinkProperties>, lease: Lease | null): Promise<void> {
    lease?.throwIfOver();
    // A link that goes with the lease needs no way back.
    if (lease === null || this.#creator === lease) await this.#properties.settle(change);
    else await this.#properties.claim(change, lease);
  }

  /**
   * Undoes what this lease changed on the link; doing it again does what is left of it.
   *
   * @throws ApiError 500 when a port of the link cannot be opened again.
   */
  async undo(lease: Lease): Promise<void> {
    // A port that cannot be opened now must not keep the toxics at work.
    await this.#properties.undo(lease).finally(() => this.#toxics.undo(lease));
  }

  /**
   * Releases the link from every lease: its toxics are removed, and it listens and connects where it would
   * without leases. The caller then decides whether it is enabled. A link created under a lease still belongs
   * to it.
   *
   * @throws ApiError 500 when a port of the link cannot be opened again.
   */
  async clear(): Promise<void> {
    await this.#toxics.clear().finally(() => this.#properties.clear());
  }

  /** Makes the link one that was made without a lease. */
  keep(): void {
    this.#creator = null;
  }

  /** What of the link is undone when the lease ends. */
  holdingsOf(lease: Lease): readonly Holding[] {
    if (this.#creator === lease) return [{ kind: "proxy", proxy: this.#name }];
    return [...this.#toxics.holdingsOf(lease), ...this.#properties.holdingsOf(lease)];
  }
}
