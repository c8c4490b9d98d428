import { z } from "zod";
import { UsageError } from "../core/index.ts";
import { CREDENTIALS, type CredentialOption } from "../venues/index.ts";

/** Keys and secrets of the venues; each default is the one that its stub accepts. */
const credentials = Object.fromEntries(
  CREDENTIALS.map(({ option, form, standard }) => {
    const text = form.kind === "base64" ? z.base64() : z.string();
    return [option, text.min(1).default(standard)];
  }),
) as Record<CredentialOption, z.ZodDefault<z.ZodString>>;

/** The tape that is made from the seed. */
export const SYNTHETIC = "synthetic";

const paths = z.union([
  z.array(z.string().min(1)),
  z
    .string()
    .min(1)
    .transform((path) => [path]),
]);

const optionsSchema = z.strictObject({
  /** Determines ids and the synthetic tape. */
  seed: z.coerce.number().int().default(1),
  /** `synthetic`, or the paths of recordings or of folders of them, which are played together. */
  tape: paths.default([SYNTHETIC]),
  /** Files that supply the depth snapshot which a recording lacks: a venue's answer, or the recording before it. */
  snapshot: paths.default([]),
  /** Tape seconds per second. */
  tapeSpeed: z.coerce.number().positive().max(100_000).default(1),
  /**
   * `live`: the recorded events happen now, by the venue's clock. `recorded`: frames keep their times, byte
   * for byte.
   */
  tapeTime: z.enum(["live", "recorded"]).default("live"),
  /**
   * `paused`: the tape waits for the control API's `resume` before its first frame, also after each reset.
   */
  tapeStart: z.enum(["playing", "paused"]).default("playing"),
  ...credentials,
  /** Whether Binance's request and order limits are enforced, or only shown in its headers. */
  rateLimits: z.enum(["counted", "enforced"]).default("counted"),
  /** Whether Binance's listen keys still work: the venue retired them in 2026, but some clients use them. */
  binanceListenKeys: z.enum(["served", "retired"]).default("served"),
  /** After this time Binance closes every WebSocket connection: a day, or less in a test. */
  binanceConnectionLifeMs: z.coerce.number().int().min(1).max(2_147_483_647).default(86_400_000),
  /**
   * The control API's port; the venues' links follow it in the order of the table. 0: any free port for each.
   */
  firstPort: z.coerce.number().int().min(0).max(65_000).default(0),
});

/** The stubs' options with defaults added. */
export type ExchangesOptions = z.infer<typeof optionsSchema>;

/** The stubs' options; a caller may omit any. */
export type LooseExchangesOptions = Partial<
  Record<keyof ExchangesOptions, string | number | readonly string[] | undefined>
>;

/** Completes the options. Throws UsageError `bad-exchange-option` with the option's name. */
export function completeOptions(loose: LooseExchangesOptions): ExchangesOptions {
  const read = optionsSchema.safeParse(loose);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const name = issue?.code === "unrecognized_keys" ? issue.keys.join(", ") : (issue?.path.join(".") ?? "?");
  throw new UsageError({
    code: "bad-exchange-option",
    message: `Expected valid options for the exchange stubs, got for ${name}: ${issue?.message ?? "?"}.`,
    nextStep: "Correct the option or omit it.",
  });
}
