/**
 * A running sum that compensates rounding errors (Kahan's, as improved by Neumaier), as Prometheus uses it.
 */
export class KahanSum {
  sum: number;
  compensation: number;

  constructor(sum = 0, compensation = 0) {
    this.sum = sum;
    this.compensation = compensation;
  }

  add(increment: number): void {
    const total = this.sum + increment;
    if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) this.compensation = 0;
    else if (Math.abs(this.sum) >= Math.abs(increment)) this.compensation += this.sum - total + increment;
    else this.compensation += increment - total + this.sum;
    this.sum = total;
  }

  get value(): number {
    return this.sum + this.compensation;
  }
}

/** A running mean: sum over count, incremental where the sum would overflow, as in Prometheus. */
export class RunningMean {
  #count = 0;
  #incremental = false;
  #sum = new KahanSum();

  add(value: number): void {
    this.#count++;
    if (this.#count === 1) {
      this.#sum = new KahanSum(value);
      return;
    }
    if (!this.#incremental) {
      const { sum, compensation } = this.#sum;
      this.#sum.add(value);
      if (Math.abs(this.#sum.sum) !== Number.POSITIVE_INFINITY) return;
      this.#incremental = true;
      this.#sum = new KahanSum(sum / (this.#count - 1), compensation / (this.#count - 1));
    }
    const share = (this.#count - 1) / this.#count;
    const next = new KahanSum(share * this.#sum.sum, share * this.#sum.compensation);
    next.add(value / this.#count);
    this.#sum = next;
  }

  get value(): number {
    if (this.#incremental) return this.#sum.value;
    return this.#sum.sum / this.#count + this.#sum.compensation / this.#count;
  }
}
