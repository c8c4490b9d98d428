/** The values that a client's callback received, for tests to wait for. */
export class Received<Value> {
  readonly values: Value[] = [];
  #onValue: () => void = () => undefined;

  /** The callback to pass to the client. */
  readonly add = (value: Value): void => {
    this.values.push(value);
    this.#onValue();
  };

  /** Resolves with the first wanted value, as soon as it has come. */
  async first(isWanted: (value: Value) => boolean = () => true): Promise<Value> {
    return new Promise((resolve) => {
      this.#onValue = () => {
        const found = this.values.find(isWanted);
        if (found !== undefined) resolve(found);
      };
      this.#onValue();
    });
  }

  /** Resolves with everything received so far once there are `count` values. */
  async atLeast(count: number): Promise<readonly Value[]> {
    await new Promise<void>((resolve) => {
      this.#onValue = () => {
        if (this.values.length >= count) resolve();
      };
      this.#onValue();
    });
    return this.values;
  }
}

/** The ids of a depth diff, named as by the venue. */
interface DepthIds {
  readonly U: number;
  readonly u: number;
}

/** Where diffs are not consecutive: `U` of each that is not the last `u` + 1. */
export function gapsIn(diffs: readonly DepthIds[]): number[] {
  return diffs.flatMap(({ U }, index) => {
    const before = diffs[index - 1];
    return before === undefined || U === before.u + 1 ? [] : [U];
  });
}
