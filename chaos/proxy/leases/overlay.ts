import type { Lease } from "./lease.ts";

interface Claim<T> {
  readonly lease: Lease;
  readonly values: Partial<T>;
}

/**
 * Values that leases changed: a base without any lease, and one layer on top for each lease, the latest last.
 * When a lease ends, its layer is removed and the others stay, as if that lease had never existed.
 */
export class Overlay<T extends object> {
  #values: T;
  #claims: Claim<T>[] = [];

  constructor(standing: T) {
    this.#values = standing;
  }

  /** The current values. */
  get values(): T {
    return merge(this.#values, this.#claims);
  }

  /** The values without any lease. */
  get standing(): T {
    return this.#values;
  }

  /** Whether no lease has a change here. */
  get isBare(): boolean {
    return this.#claims.length === 0;
  }

  /** The values as they would be without this lease. */
  without(lease: Lease): T {
    return merge(
      this.#values,
      this.#claims.filter((claim) => claim.lease !== lease),
    );
  }

  /** Whether this lease has a change here. */
  isClaimedBy(lease: Lease): boolean {
    return this.#claims.some((claim) => claim.lease === lease);
  }

  /** This lease's changes of the values; undefined when it has none. */
  claimedBy(lease: Lease): Partial<T> {
    const own = this.#claims.filter((claim) => claim.lease === lease);
    return Object.assign({}, ...own.map((claim) => claim.values)) as Partial<T>;
  }

  /** Changes values under a lease. The change is above those of other leases. */
  claim(lease: Lease, values: Partial<T>): void {
    this.#drop(keysOf(values), (claim) => claim.lease === lease);
    this.#claims.push({ lease, values });
  }

  /** Changes values permanently: the leases' changes of them are dropped. */
  settle(values: Partial<T>): void {
    this.#values = { ...this.#values, ...values };
    this.#drop(keysOf(values), () => true);
  }

  /** Removes this lease's changes. */
  retract(lease: Lease): void {
    this.#claims = this.#claims.filter((claim) => claim.lease !== lease);
  }

  /** Forgets a lease's change without changing the value, because it is the value without the lease too. */
  prune(lease: Lease): void {
    const idle = keysOf(this.claimedBy(lease)).filter((key) => {
      const claims = this.#claims.filter(({ values }) => key in values);
      return claims.every((claim) => claim.lease === lease && claim.values[key] === this.#values[key]);
    });
    this.#drop(idle, (claim) => claim.lease === lease);
  }

  #drop(keys: readonly (keyof T)[], concerns: (claim: Claim<T>) => boolean): void {
    this.#claims = this.#claims
      .map((claim) => (concerns(claim) ? { ...claim, values: omit(claim.values, keys) } : claim))
      .filter(({ values }) => Object.keys(values).length > 0);
  }
}

function merge<T extends object>(standing: T, claims: readonly Claim<T>[]): T {
  return Object.assign({}, standing, ...claims.map((claim) => claim.values)) as T;
}

function keysOf<T extends object>(values: Partial<T>): readonly (keyof T)[] {
  return Object.keys(values) as (keyof T)[];
}

function omit<T extends object>(values: Partial<T>, keys: readonly (keyof T)[]): Partial<T> {
  const kept = Object.entries(values).filter(([key]) => !keys.includes(key as keyof T));
  return Object.fromEntries(kept) as Partial<T>;
}
