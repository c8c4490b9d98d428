import { debuglog } from "node:util";
import { ApiError } from "../api/api-error.ts";
import type { Link } from "../link.ts";
import type { Toxic } from "../toxic.ts";
import type { ToxicChange } from "../toxic-chain.ts";
import type { Holding, ToxicSetting } from "./holding.ts";
import type { Lease } from "./lease.ts";
import { Overlay } from "./overlay.ts";

const debug = debuglog("kanit-proxy");

/** The toxics of a link: which lease added which of them, and what leases changed on the others. */
export class LeasedToxics {
  readonly #link: Link;
  readonly #holders = new Map<Toxic, Lease>();
  readonly #settings = new Map<Toxic, Overlay<ToxicSetting>>();
  /** The listener, which a toxic had closed, could not be reopened yet. */
  #mustReopen = false;

  constructor(link: Link) {
    this.#link = link;
  }

  /** @throws ApiError 409 when there is a toxic of that name. */
  add(toxic: Toxic, lease: Lease | null): void {
    this.#link.toxics.add(toxic);
    if (lease !== null) this.#holders.set(toxic, lease);
  }

  /** @throws ApiError 404 when there is no toxic of that name. */
  update(name: string, change: ToxicChange, lease: Lease | null): Toxic {
    const { toxics } = this.#link;
    const toxic = toxics.get(name);
    const overlay = this.#settings.get(toxic);
    if (lease === null) {
      overlay?.settle(change);
      if (overlay?.isBare) this.#settings.delete(toxic);
    } else if (this.#holders.get(toxic) !== lease) {
      const { attributes, toxicity } = toxic;
      const claimed = overlay ?? new Overlay<ToxicSetting>({ attributes, toxicity });
      claimed.claim(lease, change);
      this.#settings.set(toxic, claimed);
    }
    return toxics.update(name, change);
  }

  /** @throws ApiError 404 when there is no toxic of that name; 409 when the lease did not add it. */
  remove(name: string, lease: Lease | null): void {
    const { toxics } = this.#link;
    const toxic = toxics.get(name);
    if (lease !== null && this.#holders.get(toxic) !== lease) throw ApiError.notOfLease(`toxic ${name}`);
    toxics.remove(name);
    this.#forget(toxic);
  }

  /** @throws ApiError 500 when the listener that a toxic had closed cannot be reopened. */
  async undo(lease: Lease): Promise<void> {
    const removed = this.#removeThoseOf(lease);
    for (const [toxic, overlay] of this.#settings) {
      if (!overlay.isClaimedBy(lease)) continue;
      overlay.retract(lease);
      this.#link.toxics.update(toxic.name, overlay.values);
      if (overlay.isBare) this.#settings.delete(toxic);
    }
    if (removed > 0 || this.#mustReopen) await this.#reopen();
  }

  /**
   * Removes all toxics, whichever lease added them.
   *
   * @throws ApiError 500 like `undo`.
   */
  async clear(): Promise<void> {
    this.#forgetAll();
    await this.#reopen();
  }

  /** Removes all toxics, and adds these. The link listens as it needs to. */
  replaceAll(toxics: readonly Toxic[]): void {
    this.#forgetAll();
    this.#mustReopen = false;
    this.#link.toxics.addEach(toxics);
  }

  holdingsOf(lease: Lease): readonly Holding[] {
    const proxy = this.#link.name;
    const holdings: Holding[] = [];
    for (const [toxic, holder] of this.#holders) {
      if (holder === lease) holdings.push({ kind: "toxic", proxy, toxic: toxic.name });
    }
    for (const [toxic, overlay] of this.#settings) {
      if (!overlay.isClaimedBy(lease)) continue;
      const [change, without] = [overlay.claimedBy(lease), overlay.without(lease)];
      holdings.push({ kind: "toxic-change", proxy, toxic: toxic.name, change, without });
    }
    return holdings;
  }

  /** Returns the number of removed toxics. */
  #removeThoseOf(lease: Lease): number {
    const own = new Set([...this.#holders].flatMap(([toxic, holder]) => (holder === lease ? [toxic] : [])));
    if (own.size > 0) this.#link.toxics.removeEach(own);
    for (const toxic of own) this.#forget(toxic);
    return own.size;
  }

  #forgetAll(): void {
    this.#link.toxics.removeAll();
    this.#holders.clear();
    this.#settings.clear();
  }

  #forget(toxic: Toxic): void {
    this.#holders.delete(toxic);
    this.#settings.delete(toxic);
  }

  /** A toxic may have closed the listener; without the toxic it is open again. */
  async #reopen(): Promise<void> {
    if (!this.#mustReopen) {
      try {
        await this.#link.settled();
        return;
      } catch (error) {
        if (!this.#link.enabled) return;
        debug("%s: %s", this.#link.name, error);
        this.#mustReopen = true;
      }
    }
    this.#link.disable();
    await this.#link.enable();
    this.#mustReopen = false;
  }
}
