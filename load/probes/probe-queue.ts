/** Hands values from callbacks to one `for await` loop, in order, until it is ended. */
export class ProbeQueue<T> implements AsyncIterable<T> {
  #waiting: T[] = [];
  #ended = false;
  #wake = Promise.withResolvers<void>();

  /** Queues a value; after the end it is left out. */
  push(value: T): void {
    if (this.#ended) return;
    this.#waiting.push(value);
    this.#wake.resolve();
  }

  /** Ends the loop once everything queued before has been read. */
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
