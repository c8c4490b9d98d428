/** What every tool is asked for: GET /load at a constant rate. */
export interface ToolTask {
  readonly baseUrl: string;
  readonly rateRps: number;
  readonly durationMs: number;
}

/** What a tool says about the latencies, in milliseconds. autocannon knows no P95. */
export interface ToolReport {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}
