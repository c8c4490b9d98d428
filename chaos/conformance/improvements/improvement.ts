import type { Engine } from "../engines/engine.ts";

/** What an engine was seen to do. */
export interface Observation {
  /** Whether it does what the improvement says. */
  readonly holds: boolean;
  /** In words that are the same in every run: no counts or times that chance decides. */
  readonly seen: string;
}

/** Something that ours does better than Toxiproxy on purpose. */
export interface Improvement {
  /** What ours does, in one sentence. */
  readonly statement: string;
  /** Tries it on a process of its own of that engine. */
  observe(engine: Engine): Promise<Observation>;
}
