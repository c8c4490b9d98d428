import { randomUUID } from "node:crypto";
import { readConfig } from "../config.ts";
import { openLog } from "../log.ts";
import { type StartedSpark, startSpark } from "../spark.ts";
import { BINANCE_SECRET, FakeBinance } from "./fake-binance.ts";
import { FakeBist } from "./fake-bist.ts";
import { BTCTURK_KEY, BTCTURK_SECRET, FakeBtcturk } from "./fake-btcturk.ts";
import { until } from "./until.ts";

/** What the platform asks for before it resets itself. */
const RESET_TOKEN = "test-reset-token-000000";

/** An HTTP answer with its body parsed. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly json: any;
}

/** The platform in this process, with its venues beside it. */
export class PlatformUnderTest implements AsyncDisposable {
  readonly binance = new FakeBinance();
  readonly btcturk = new FakeBtcturk();
  readonly bist = new FakeBist();
  #spark: StartedSpark | undefined;

  /** Starts the venues and the platform, and waits until both books are in sync. */
  static async start(
    databaseUrl: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<PlatformUnderTest> {
    const platform = new PlatformUnderTest();
    await Promise.all([platform.binance.start(), platform.btcturk.start(), platform.bist.start()]);
    const config = readConfig({
      DATABASE_URL: databaseUrl,
      BINANCE_REST_URL: platform.binance.restUrl,
      BINANCE_WS_URL: platform.binance.webSocketUrl,
      BINANCE_API_SECRET: BINANCE_SECRET,
      BTCTURK_REST_URL: platform.btcturk.restUrl,
      BTCTURK_WS_URL: platform.btcturk.webSocketUrl,
      BTCTURK_PUBLIC_KEY: BTCTURK_KEY,
      BTCTURK_PRIVATE_KEY: BTCTURK_SECRET,
      BIST_WS_URL: platform.bist.webSocketUrl,
      SPARK_BIST_SYMBOLS: "THYAO",
      SPARK_CONTROL: "on",
      KANIT_PLATFORM_TOKEN: RESET_TOKEN,
      SPARK_LOG_LEVEL: "silent",
      SPARK_ORDER_TIMEOUT_MS: "400",
      SPARK_DATABASE_TIMEOUT_MS: "1000",
      SPARK_UNKNOWN_GRACE_MS: "600",
      SPARK_KEY_WAIT_MS: "300",
      SPARK_FOLLOW_INTERVAL_MS: "50",
      // In a test that sends no data the book must not become stale, unless the test asks for that.
      SPARK_STALE_AFTER_MS: "60000",
      ...environment,
    });
    platform.#spark = await startSpark(config, openLog(config.logLevel));
    await platform.synced();
    return platform;
  }

  get url(): string {
    return this.#spark?.url ?? "";
  }

  /** Sends data to the feeds until both books are in sync. */
  async synced(): Promise<void> {
    await until("both books in sync", async () => {
      this.binance.depth([["60999.00", "1"]], []);
      const answers = await Promise.all([
        this.get("/api/quotes/binance/BTCUSDT"),
        this.get("/api/quotes/btcturk/BTCUSDT"),
      ]);
      return answers.every((answer) => answer.status === 200);
    });
  }

  get(path: string): Promise<ReadAnswer> {
    return this.request("GET", path);
  }

  /** Asks for a reset, with the token. */
  reset(): Promise<ReadAnswer> {
    return this.request("POST", "/internal/reset", { "kanit-token": RESET_TOKEN });
  }

  /** Places an order: by default a limit buy of 0.001 at 61000.01 at Binance. */
  place(changes: Readonly<Record<string, unknown>> = {}, key: string = randomUUID()): Promise<ReadAnswer> {
    const order = {
      venue: "binance",
      symbol: "BTCUSDT",
      side: "buy",
      type: "limit",
      quantity: "0.001",
      price: "61000.01",
    };
    return this.request("POST", "/api/orders", { "idempotency-key": key }, { ...order, ...changes });
  }

  async request(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Promise<ReadAnswer> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`${this.url}${path}`, { method, headers: { ...type, ...headers }, ...json });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("application/json") === true;
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : null,
    };
  }

  /** Waits until an order is in one of the states. */
  async orderIn(id: string, ...statuses: readonly string[]): Promise<ReadAnswer["json"]> {
    const answer = await until(`order in ${statuses.join(" or ")}`, async () => {
      const read = await this.get(`/api/orders/${id}`);
      return statuses.includes(read.json?.status) ? read : undefined;
    });
    return answer.json;
  }

  /** The value of a series of /metrics, such as `risk_blocks_total{reason="stale_book"}`. */
  async metric(series: string): Promise<number> {
    const { text } = await this.get("/metrics");
    const line = text.split("\n").find((each) => each.startsWith(`${series} `));
    return line === undefined ? Number.NaN : Number(line.slice(series.length + 1));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#spark?.stop();
    await Promise.all([this.binance.stop(), this.btcturk.stop(), this.bist.stop()]);
  }
}
