import type { StartedEngine } from "../engines/engine.ts";

/** One effect that every engine must have. */
export interface ConformanceCase {
  /** The effect, as a sentence. */
  readonly title: string;
  /** Rejects with an AssertionError when the engine behaves otherwise. Uses only its own proxies. */
  run(engine: StartedEngine): Promise<void>;
}
