import type { Link } from "../link.ts";
import type { Toxic } from "../toxic.ts";
import type { ToxicChange } from "../toxic-chain.ts";
import type { Holding, LinkProperties } from "./holding.ts";
import type { Lease } from "./lease.ts";
import { LeasedProperties } from "./leased-properties.ts";
import { LeasedToxics } from "./leased-toxics.ts";

/**
 * A link, and the changes of leases to it. The rules:
 *
 * - When a lease ends, the link is as if the lease had never existed, and other clients' changes remain.
 * - When two leases change the same property, the later change applies, and the earlier one is kept below it.
 * - A change without a lease is permanent: it replaces the leases' changes of the same property. Removing a
 *   toxic removes it, whichever lease added it. Changing a toxic or a link that a lease created does not keep
 *   it: it is removed with its lease.
 * - Under a lease only the lease's own additions can be removed, since any other removal could not be undone.
 */
export class LeasedLink {
  readonly #toxics: LeasedToxics;
  readonly #properties: LeasedProperties;
  readonly #name: string;
  #creator: Lease | null;

  /** `creator` is the lease under which the link itself was created. */
  constructor(link: Link, creator: Lease | null) {
    this.#toxics = new LeasedToxics(link);
    this.#properties = new LeasedProperties(link);
    this.#name = link.name;
    this.#creator = creator;
  }

  /** Whether the link itself is removed when this lease ends. */
  isMadeUnder(lease: Lease): boolean {
    return this.#creator === lease;
  }

  /** @throws ApiError 409 when there is a toxic of that name; 410 when the lease has ended. */
  addToxic(toxic: Toxic, lease: Lease | null): void {
    lease?.throwIfOver();
    this.#toxics.add(toxic, lease);
  }

  /** @throws ApiError 404 when there is no toxic of that name; 410 when the lease has ended. */
  updateToxic(name: string, change: ToxicChange, lease: Lease | null): Toxic {
    lease?.throwIfOver();
    return this.#toxics.update(name, change, lease);
  }

  /**
   * @throws ApiError 404 when there is no such toxic; 409 when the lease did not add it; 410
   *   when the lease has ended.
   */
  removeToxic(name: string, lease: Lease | null): void {
    lease?.throwIfOver();
    this.#toxics.remove(name, lease);
  }

  /** @throws ApiError 500 when an address cannot be bound; 410 when the lease has ended. */
  async update(change: Partial<LinkProperties>, lease: Lease | null): Promise<void> {
    lease?.throwIfOver();
    // The link is removed with the lease, so its former values are not needed.
    if (lease === null || this.#creator === lease) await this.#properties.settle(change);
    else await this.#properties.claim(change, lease);
  }

  /**
   * Undoes this lease's changes to the link; a further call continues where the first one failed.
   *
   * @throws ApiError 500 when a port of the link cannot be opened again.
   */
  async undo(lease: Lease): Promise<void> {
    // When a port cannot be opened now, the toxics must be removed nevertheless.
    await this.#properties.undo(lease).finally(() => this.#toxics.undo(lease));
  }

  /**
   * Releases the link from every lease: its toxics are removed, and its addresses are those without leases.
   * The caller then decides whether it is enabled. A link created under a lease still belongs to it.
   *
   * @throws ApiError 500 when a port of the link cannot be opened again.
   */
  async clear(): Promise<void> {
    await this.#toxics.clear().finally(() => this.#properties.clear());
  }

  /** As its properties would be without any lease. */
  get standing(): LinkProperties {
    return this.#properties.standing;
  }

  /** Sets its toxics, and makes the link permanent with the properties that it has, as if there had been no lease. */
  settleWith(toxics: readonly Toxic[]): void {
    this.#creator = null;
    this.#properties.forget();
    this.#toxics.replaceAll(toxics);
  }

  /** The changes to the link that are undone when the lease ends. */
  holdingsOf(lease: Lease): readonly Holding[] {
    if (this.#creator === lease) return [{ kind: "proxy", proxy: this.#name }];
    return [...this.#toxics.holdingsOf(lease), ...this.#properties.holdingsOf(lease)];
  }
}
