import type { Engine } from "../engines/engine.ts";

/** The observed behavior of an engine. */
export interface Observation {
  /** Whether the engine has the improvement. */
  readonly holds: boolean;
  /** A description that is the same in every run: without random counts or times. */
  readonly seen: string;
}

/** Something that kanit's proxy does better than Toxiproxy, on purpose. */
export interface Improvement {
  /** What kanit's proxy does, in one sentence. */
  readonly statement: string;
  /** Tests it on a separate process of that engine. */
  observe(engine: Engine): Promise<Observation>;
}
