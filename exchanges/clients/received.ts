/** What a client's callbacks were told, for tests to wait on. */
export class Received<Value> {
  readonly values: Value[] = [];
  #onValue: () => void = () => undefined;

  /** The callback to hand to the client. */
  readonly add = (value: Value): void => {
    this.values.push(value);
    this.#onValue();
  };

  /** Resolves with the first value that is wanted, as soon as it has come. */
  async first(isWanted: (value: Value) => boolean = () => true): Promise<Value> {
    return new Promise((resolve) => {
      this.#onValue = () => {
        const found = this.values.find(isWanted);
        if (found !== undefined) resolve(found);
      };
      this.#onValue();
    });
  }

  /** Resolves with everything heard so far when there are `count` of them. */
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

/** The ids of a depth diff as the venue names them. */
interface DepthIds {
  readonly U: number;
  readonly u: number;
}

/** Where diffs do not continue each other: `U` of each that is not the last `u` + 1. */
export function gapsIn(diffs: readonly DepthIds[]): number[] {
  return diffs.flatMap(({ U }, index) => {
    const before = diffs[index - 1];
    return before === undefined || U === before.u + 1 ? [] : [U];
  });
}
