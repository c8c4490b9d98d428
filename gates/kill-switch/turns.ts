/** Lets one piece of work run at a time, in the order in which they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for its turn, works, and returns what the work returns. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    // A turn that fails ends like any other; who took it is told.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
