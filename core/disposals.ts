/**
 * What has to be disposed of, the last first; one that fails does not keep the others. Node 24 has
 * `AsyncDisposableStack` for it, which Node 22 lacks.
 */
export class Disposals implements AsyncDisposable {
  #resources: AsyncDisposable[] = [];

  /** Keeps a resource to be disposed of, and returns it. */
  use<T extends AsyncDisposable>(resource: T): T {
    this.#resources.push(resource);
    return resource;
  }

  /** Hands all that is kept to another one: this one then disposes of nothing. */
  move(): Disposals {
    const moved = new Disposals();
    moved.#resources = this.#resources;
    this.#resources = [];
    return moved;
  }

  /** @throws what the only failure was, or an AggregateError of several. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    const resources = this.#resources.reverse();
    this.#resources = [];
    for (const resource of resources) {
      try {
        await resource[Symbol.asyncDispose]();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1)
      throw new AggregateError(failures, "Several resources could not be disposed of.");
  }
}
