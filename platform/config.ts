import { z } from "zod";
import { parseDefects } from "./defects.ts";
import { ConfigError } from "./errors.ts";
import type { Arm } from "./runtime/kill-switch.ts";

const wholeNumber = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const milliseconds = (fallback: number) => z.coerce.number().int().min(1).max(3_600_000).default(fallback);
const decimal = (fallback: string) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, "expected a decimal number such as 0.5")
    .default(fallback);
const names = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(",").map((name) => name.trim()))
    .pipe(
      z.array(z.string().regex(/^[A-Z0-9]{1,20}$/, "expected upper-case symbols, comma-separated")).min(1),
    );
const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));
const webSocketUrl = z.url({ protocol: /^wss?$/ }).transform((url) => url.replace(/\/+$/, ""));

const variables = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: wholeNumber(0),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(500).default(8),
  BINANCE_REST_URL: httpUrl,
  BINANCE_WS_URL: webSocketUrl,
  BINANCE_API_KEY: z.string().default(""),
  BINANCE_API_SECRET: z.string().default(""),
  BTCTURK_REST_URL: httpUrl,
  BTCTURK_WS_URL: webSocketUrl,
  BTCTURK_PUBLIC_KEY: z.string().default(""),
  BTCTURK_PRIVATE_KEY: z.string().default(""),
  BIST_WS_URL: webSocketUrl,
  SPARK_SYMBOLS: names("BTCUSDT"),
  SPARK_BIST_SYMBOLS: names("THYAO,GARAN,ASELS"),
  SPARK_ORDER_TIMEOUT_MS: milliseconds(1_000),
  SPARK_DATABASE_TIMEOUT_MS: milliseconds(3_000),
  SPARK_STALE_AFTER_MS: milliseconds(3_000),
  SPARK_UNKNOWN_GRACE_MS: milliseconds(3_000),
  SPARK_KEY_WAIT_MS: milliseconds(2_000),
  SPARK_FOLLOW_INTERVAL_MS: milliseconds(500),
  SPARK_MAX_ORDER_QUANTITY: decimal("10"),
  SPARK_MAX_ORDER_NOTIONAL: decimal("1000000"),
  SPARK_PRICE_BAND: decimal("0.1"),
  SPARK_ARM: z.enum(["lone", "stable", "canary"]).default("lone"),
  SPARK_RELEASE: z.string().min(1).default("v0.0.0"),
  SPARK_DEFECTS: z.string().default("").transform(parseDefects),
  SPARK_CONTROL: z.enum(["on", "off"]).default("off"),
  KANIT_PLATFORM_TOKEN: z.string().min(16).optional(),
  SPARK_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});

const environment = variables.superRefine(({ SPARK_CONTROL, KANIT_PLATFORM_TOKEN }, context) => {
  if (SPARK_CONTROL === "off" || KANIT_PLATFORM_TOKEN !== undefined) return;
  context.addIssue({
    code: "custom",
    path: ["KANIT_PLATFORM_TOKEN"],
    message: "expected a token of at least 16 characters, which POST /internal/reset then asks for",
  });
});

/** The complete settings. Times are in milliseconds, amounts are decimal strings. */
export interface SparkConfig {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  readonly release: string;
  /** Which of two versions on one database this process is: the kill switch can stop the canary alone. */
  readonly arm: Arm;
  readonly defects: ReturnType<typeof parseDefects>;
  /** What `POST /internal/reset` asks for; null where it is not served. Never served in production. */
  readonly resetToken: string | null;
  readonly logLevel: z.infer<typeof variables>["SPARK_LOG_LEVEL"];
  readonly database: { readonly url: string; readonly poolSize: number; readonly timeoutMs: number };
  readonly binance: VenueConfig & FeedConfig;
  readonly btcturk: VenueConfig & FeedConfig;
  readonly bist: FeedConfig;
  /** The longest wait for one answer of a venue. */
  readonly orderTimeoutMs: number;
  /** After how long an order that the venue does not know counts as never received by it. */
  readonly unknownGraceMs: number;
  /** How long a second request with an idempotency key waits for the answer of the first. */
  readonly keyWaitMs: number;
  /** The interval at which orders that rest at a venue, or whose outcome is unknown, are looked up. */
  readonly followIntervalMs: number;
  /**
   * When a feed sends nothing for this long, it is reconnected, and orders that need its book are blocked.
   */
  readonly staleAfterMs: number;
  readonly risk: RiskLimits;
}

/** A venue whose market data is received. */
interface FeedConfig {
  readonly webSocketUrl: string;
  readonly symbols: readonly string[];
}

/** A venue that takes orders. */
export interface VenueConfig {
  readonly restUrl: string;
  readonly webSocketUrl: string;
  readonly key: string;
  readonly secret: string;
}

/** The limits of a single order. */
export interface RiskLimits {
  /** In the base asset. */
  readonly maxQuantity: string;
  /** In the quote asset. */
  readonly maxNotional: string;
  /** The furthest a limit price may be from the mid, as a fraction of the mid: 0.1 is 10 %. */
  readonly priceBand: string;
}

/**
 * Reads the settings from environment variables. An empty variable counts as unset.
 *
 * @throws ConfigError `bad-environment` naming every variable that is missing or malformed.
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): SparkConfig {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new ConfigError({
      code: "bad-environment",
      message: `Expected a complete environment, got ${faults.join("; ")}.`,
      nextStep: "Set the variables named above; platform/config.ts lists them all.",
    });
  }
  return complete(parsed.data);
}

function complete(env: z.infer<typeof variables>): SparkConfig {
  return {
    host: env.HOST,
    port: env.PORT,
    release: env.SPARK_RELEASE,
    arm: env.SPARK_ARM,
    defects: env.SPARK_DEFECTS,
    resetToken: env.SPARK_CONTROL === "on" ? (env.KANIT_PLATFORM_TOKEN ?? null) : null,
    logLevel: env.SPARK_LOG_LEVEL,
    database: {
      url: env.DATABASE_URL,
      poolSize: env.DATABASE_POOL_SIZE,
      timeoutMs: env.SPARK_DATABASE_TIMEOUT_MS,
    },
    binance: {
      symbols: env.SPARK_SYMBOLS,
      restUrl: env.BINANCE_REST_URL,
      webSocketUrl: env.BINANCE_WS_URL,
      key: env.BINANCE_API_KEY,
      secret: env.BINANCE_API_SECRET,
    },
    btcturk: {
      symbols: env.SPARK_SYMBOLS,
      restUrl: env.BTCTURK_REST_URL,
      webSocketUrl: env.BTCTURK_WS_URL,
      key: env.BTCTURK_PUBLIC_KEY,
      secret: env.BTCTURK_PRIVATE_KEY,
    },
    bist: { webSocketUrl: env.BIST_WS_URL, symbols: env.SPARK_BIST_SYMBOLS },
    orderTimeoutMs: env.SPARK_ORDER_TIMEOUT_MS,
    unknownGraceMs: env.SPARK_UNKNOWN_GRACE_MS,
    keyWaitMs: env.SPARK_KEY_WAIT_MS,
    followIntervalMs: env.SPARK_FOLLOW_INTERVAL_MS,
    staleAfterMs: env.SPARK_STALE_AFTER_MS,
    risk: {
      maxQuantity: env.SPARK_MAX_ORDER_QUANTITY,
      maxNotional: env.SPARK_MAX_ORDER_NOTIONAL,
      priceBand: env.SPARK_PRICE_BAND,
    },
  };
}
