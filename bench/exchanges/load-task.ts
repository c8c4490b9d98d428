/** One task of the load program, sent by the benchmark. Every port is on 127.0.0.1. */
export type LoadTask =
  /** Signed market orders, each connection waiting for an answer before it sends the next. */
  | {
      readonly kind: "orders";
      readonly port: number;
      readonly connections: number;
      readonly warmUps: number;
      readonly count: number;
    }
  /** Opens WebSockets to a path and keeps them open. */
  | { readonly kind: "listen"; readonly port: number; readonly path: string; readonly listeners: number }
  /** Waits until each of them has received this many bytes since it was opened, then closes them all. */
  | { readonly kind: "hear"; readonly bytes: number };

/** The result of a task. */
export interface LoadResult {
  /** From the first request to the last answer; for `hear`, from the task to the last byte. */
  readonly seconds: number;
  /** Orders that were filled, or listeners. */
  readonly count: number;
}
