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
  #standing: T;
  #claims: Claim<T>[] = [];

  constructor(standing: T) {
    this.#standing = standing;
  }

  /** The values in force. */
  get values(): T {
    return merge(this.#standing, this.#claims);
  }

  /** The values without any lease. */
  get standing(): T {
    return this.#standing;
  }

  /** Whether no lease holds anything here. */
  get isBare(): boolean {
    return this.#claims.length === 0;
  }

  /** The values as they would be without this lease. */
  without(lease: Lease): T {
    return merge(
      this.#standing,
      this.#claims.filter((claim) => claim.lease !== lease),
    );
  }

  /** Whether this lease holds anything here. */
  isClaimedBy(lease: Lease): boolean {
    return this.#claims.some((claim) => claim.lease === lease);
  }

  /** What this lease makes of the values; nothing, when it holds none of them. */
  claimedBy(lease: Lease): Partial<T> {
    const own = this.#claims.filter((claim) => claim.lease === lease);
    return Object.assign({}, ...own.map((claim) => claim.values)) as Partial<T>;
  }

  /** Changes values under a lease. They lie above what other leases made of them. */
  claim(lease: Lease, values: Partial<T>): void {
    this.#drop(keysOf(values), (claim) => claim.lease === lease);
    this.#claims.push({ lease, values });
  }

  /** Changes values for good: whatever leases made of them is over. */
  settle(values: Partial<T>): void {
    this.#standing = { ...this.#standing, ...values };
    this.#drop(keysOf(values), () => true);
  }

  /** Takes out what this lease made of the values. */
  retract(lease: Lease): void {
    this.#claims = this.#claims.filter((claim) => claim.lease !== lease);
  }

  /** Forgets what the lease holds without changing anything: the value it stands at anyway, claimed by no one else. */
  prune(lease: Lease): void {
    const idle = keysOf(this.claimedBy(lease)).filter((key) => {
      const claims = this.#claims.filter(({ values }) => key in values);
      return claims.every((claim) => claim.lease === lease && claim.values[key] === this.#standing[key]);
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
