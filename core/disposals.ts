/**
 * Resources to dispose of, last first; when one fails, the others are still disposed of. Like
 * `AsyncDisposableStack` of Node 24, which Node 22 lacks.
 */
export class Disposals implements AsyncDisposable {
  #resources: AsyncDisposable[] = [];

  /** Adds a resource to be disposed of, and returns it. */
  use<T extends AsyncDisposable>(resource: T): T {
    this.#resources.push(resource);
    return resource;
  }

  /** Moves all resources to another instance; this one then disposes of nothing. */
  move(): Disposals {
    const moved = new Disposals();
    moved.#resources = this.#resources;
    this.#resources = [];
    return moved;
  }

  /** @throws the only failure, or an AggregateError of several. */
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
