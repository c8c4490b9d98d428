import type { Link } from "../link.ts";
import type { Holding, LinkProperties } from "./holding.ts";
import type { Lease } from "./lease.ts";
import { Overlay } from "./overlay.ts";

/** A link's addresses and whether it is enabled, with the changes of leases. */
export class LeasedProperties {
  readonly #link: Link;
  /** Null when no lease has changed anything. */
  #overlay: Overlay<LinkProperties> | null = null;

  constructor(link: Link) {
    this.#link = link;
  }

  /** As they would be without any lease. */
  get standing(): LinkProperties {
    return this.#overlay?.standing ?? this.#read();
  }

  /** Leaves them as they are, as if no lease had changed them. */
  forget(): void {
    this.#overlay = null;
  }

  /**
   * Changes them permanently.
   *
   * @throws ApiError 500 when the address cannot be bound; then nothing is changed.
   */
  async settle(change: Partial<LinkProperties>): Promise<void> {
    await this.#apply({ ...this.#read(), ...change });
    this.#overlay?.settle(change);
    this.#dropIfBare();
  }

  /**
   * Changes them under a lease.
   *
   * @throws ApiError 500 when the address cannot be bound; then nothing is changed.
   */
  async claim(change: Partial<LinkProperties>, lease: Lease): Promise<void> {
    const overlay = this.#overlay ?? new Overlay(this.#read());
    const before = overlay.values;
    this.#overlay = overlay;
    overlay.claim(lease, change);
    try {
      await this.#apply(overlay.values);
    } catch (error) {
      const changed = Object.keys(change);
      const kept = Object.entries(before).filter(([key]) => changed.includes(key));
      overlay.claim(lease, Object.fromEntries(kept) as Partial<LinkProperties>);
      await this.#apply(overlay.values).catch((again: unknown) => {
        // Stays recorded, and is retried when the lease ends.
        throw new AggregateError([error, again], (error as Error).message);
      });
      this.#prune(lease);
      throw error;
    }
    this.#prune(lease);
  }

  /** @throws ApiError 500 when a port cannot be opened again; then it still has to be undone. */
  async undo(lease: Lease): Promise<void> {
    if (this.#overlay?.isClaimedBy(lease) !== true) return;
    await this.#apply(this.#overlay.without(lease));
    this.#overlay.retract(lease);
    this.#dropIfBare();
  }

  /**
   * Removes the leases' changes of its addresses, and their control of `enabled`, which the caller sets next.
   *
   * @throws ApiError 500 when the address that it had without leases cannot be bound.
   */
  async clear(): Promise<void> {
    const standing = this.#overlay?.standing;
    this.#overlay = null;
    if (standing === undefined) return;
    this.#link.setUpstream(standing.upstream);
    await this.#link.setListen(standing.listen);
  }

  holdingsOf(lease: Lease): readonly Holding[] {
    const overlay = this.#overlay;
    if (overlay?.isClaimedBy(lease) !== true) return [];
    const [change, without] = [overlay.claimedBy(lease), overlay.without(lease)];
    return [{ kind: "proxy-change", proxy: this.#link.name, change, without }];
  }

  #read(): LinkProperties {
    const { upstream, listen, enabled } = this.#link;
    return { upstream, listen, enabled };
  }

  /** Each step does nothing when the link is already in that state. What can fail comes first. */
  async #apply({ upstream, listen, enabled }: LinkProperties): Promise<void> {
    const before = this.#link.listen;
    if (!enabled) this.#link.disable();
    await this.#link.setListen(listen);
    try {
      if (enabled) await this.#link.enable();
    } catch (error) {
      // The link is disabled, so this cannot fail.
      await this.#link.setListen(before);
      throw error;
    }
    this.#link.setUpstream(upstream);
  }

  #prune(lease: Lease): void {
    this.#overlay?.prune(lease);
    this.#dropIfBare();
  }

  #dropIfBare(): void {
    if (this.#overlay?.isBare) this.#overlay = null;
  }
}
