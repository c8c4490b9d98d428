/** The task of every tool: GET /load at a constant rate. */
export interface ToolTask {
  readonly baseUrl: string;
  readonly rateRps: number;
  readonly durationMs: number;
}

/** A tool's report of the latencies, in milliseconds. autocannon has no P95. */
export interface ToolReport {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}
