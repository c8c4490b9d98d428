import type { Traffic } from "./traffic.ts";

/** A toxic at a demanding value, and the traffic that passes it. */
export interface ToxicCase {
  readonly name: string;
  /** Null: no toxic. */
  readonly type: string | null;
  readonly attributes: Readonly<Record<string, number | string>>;
  readonly traffic: Traffic;
  /** On each connection. */
  readonly bytes: number;
  readonly connections: number;
  /** Whether Toxiproxy has this toxic too. */
  readonly isToxiproxys: boolean;
}

const MB = 1_000_000;

const theirs = (
  name: string,
  type: string | null,
  bytes: number,
  attributes: ToxicCase["attributes"] = {},
): ToxicCase => ({ name, type, attributes, traffic: "bulk", bytes, connections: 1, isToxiproxys: true });

const ours = (
  type: string,
  traffic: Traffic,
  attributes: ToxicCase["attributes"] = {},
  name = type,
): ToxicCase => ({ name, type, attributes, traffic, bytes: 200 * MB, connections: 1, isToxiproxys: false });

/** Every toxic that affects traffic, at its extreme values. */
export const TOXIC_CASES: readonly ToxicCase[] = [
  theirs("no toxic", null, 3_000 * MB),
  { ...theirs("no toxic, 60 connections", null, 100 * MB), connections: 60 },
  theirs("slicer, 1 byte", "slicer", 2 * MB, { average_size: 1 }),
  theirs("slicer, 1 byte ± 1", "slicer", 2 * MB, { average_size: 1, size_variation: 1 }),
  theirs("slicer, 1 byte, 1 µs", "slicer", 2 * MB, { average_size: 1, delay: 1 }),
  theirs("slicer, 1,000 bytes", "slicer", 400 * MB, { average_size: 1_000 }),
  theirs("bandwidth, 1 KB/s", "bandwidth", 100 * MB, { rate: 1 }),
  theirs("bandwidth, 10 MB/s", "bandwidth", 20 * MB, { rate: 10_000 }),
  theirs("bandwidth, 50 MB/s", "bandwidth", 100 * MB, { rate: 50_000 }),
  theirs("bandwidth, 100 MB/s", "bandwidth", 200 * MB, { rate: 100_000 }),
  theirs("bandwidth, no limit", "bandwidth", 1_000 * MB, { rate: 100_000_000 }),
  theirs("latency, 0 ms", "latency", 1_000 * MB),
  theirs("latency, 10 ms ± 10", "latency", 400 * MB, { latency: 10, jitter: 10 }),
  theirs("latency, 1,000 ms", "latency", 60 * MB, { latency: 1_000 }),
  theirs("limit_data", "limit_data", 1_000 * MB, { bytes: 1_000 * MB }),
  theirs("slow_close", "slow_close", 1_000 * MB, { delay: 1_000 }),
  theirs("timeout, 0", "timeout", 100 * MB, { timeout: 0 }),
  theirs("reset_peer, 2 s", "reset_peer", 100 * MB, { timeout: 2_000 }),
  ours("freeze", "bulk"),
  ours("blackhole", "bulk"),
  ours("cut_after", "bulk", { after: 5_000 }),
  ours("http_answer", "http", { path: "^/(a+)+$" }),
  ours("http_reply_delay", "http", { delay: 0 }),
  ours("http_reply_lost", "http", { path: "nothing(matches)*this" }),
  ours("http_body_truncated", "http", { path: "nothing" }),
  ours("ws_swallow", "ws"),
  ours("ws_drop", "ws", { every: 2 }),
  ours("ws_duplicate", "ws", { copies: 10 }),
  ours("ws_delay", "ws", { delay: 1 }),
  ours("ws_reorder", "ws", { every: 2 }),
  ours("ws_corrupt", "ws", { bytes: 80 }),
  ours("ws_corrupt", "ws", { pattern: "(b+)+u.*sdt", bytes: 1 }, "ws_corrupt, pattern"),
  ours("ws_no_pong", "ws"),
  ours("pg_query_delay", "pg", { delay: 0, pattern: "(x+x+)+y" }),
  ours("pg_error_reply", "pg", { pattern: "(s+)+elect" }),
  ours("pg_result_cut", "pg", { rows: 1_000, pattern: "select" }),
  ours("pg_commit_reply_lost", "pg"),
];
