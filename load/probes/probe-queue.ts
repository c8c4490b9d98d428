/** Passes values from callbacks to one `for await` loop, in order, until it is ended. */
export class ProbeQueue<T> implements AsyncIterable<T> {
  #waiting: T[] = [];
  #ended = false;
  #wake = Promise.withResolvers<void>();

  /** Queues a value; values after the end are ignored. */
  push(value: T): void {
    if (this.#ended) return;
    this.#waiting.push(value);
    this.#wake.resolve();
  }

  /** Ends the loop after everything that was queued before. */
  end(): void {
    this.#ended = true;
    this.#wake.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    while (true) {
      const batch = this.#waiting;
      this.#waiting = [];
      yield* batch;
      if (this.#waiting.length > 0) continue;
      if (this.#ended) return;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }
}
