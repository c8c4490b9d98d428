import type { Units } from "../units.ts";

/** An account's balance of one asset. */
export interface Balance {
  readonly asset: string;
  readonly initial: Units;
  readonly free: Units;
  /** Reserved for open orders. */
  readonly locked: Units;
}

/** An account's balances. No amount may become negative: that would be a defect of the engine and throws. */
export class Ledger {
  readonly #balances = new Map<string, { asset: string; initial: Units; free: Units; locked: Units }>();
  #changed = new Set<string>();

  constructor(initial: Readonly<Record<string, Units>>) {
    for (const [asset, amount] of Object.entries(initial)) {
      this.#balances.set(asset, { asset, initial: amount, free: amount, locked: 0n });
    }
  }

  get balances(): readonly Balance[] {
    return [...this.#balances.values()];
  }

  balance(asset: string): Balance {
    return this.#balances.get(asset) ?? { asset, initial: 0n, free: 0n, locked: 0n };
  }

  freeOf(asset: string): Units {
    return this.#balances.get(asset)?.free ?? 0n;
  }

  /** Moves an amount from free to locked, or back when it is negative. */
  lock(asset: string, amount: Units): void {
    this.#change(asset, -amount, amount);
  }

  /** Adds to the free amount. */
  credit(asset: string, amount: Units): void {
    this.#change(asset, amount, 0n);
  }

  /** Subtracts from the free amount. */
  debit(asset: string, amount: Units): void {
    this.#change(asset, -amount, 0n);
  }

  /** The assets that changed since the last call, in the order of their first change. */
  takeChanged(): readonly string[] {
    if (this.#changed.size === 0) return [];
    const changed = [...this.#changed];
    this.#changed = new Set();
    return changed;
  }

  #change(asset: string, free: Units, locked: Units): void {
    if (free === 0n && locked === 0n) return;
    const balance = this.#balances.get(asset) ?? { asset, initial: 0n, free: 0n, locked: 0n };
    if (balance.free + free < 0n || balance.locked + locked < 0n) {
      throw new RangeError(`Expected enough ${asset}, got ${balance.free} free, ${balance.locked} locked.`);
    }
    balance.free += free;
    balance.locked += locked;
    this.#balances.set(asset, balance);
    this.#changed.add(asset);
  }
}
