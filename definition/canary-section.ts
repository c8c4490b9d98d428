import { z } from "zod";

const name = z.string().regex(/^[\w.-]+$/, "expected letters, digits, . _ and -");
// Values are put into a line of a shell as they are.
const value = z.string().regex(/^[\w.:/@=-]+$/, "expected letters, digits and . : / @ = _ -");

const arm = z
  .strictObject({
    url: z.url().describe("the arm itself, past the balancer"),
    metrics: z.array(z.url()).min(1).optional().describe("its metrics pages, one for each replica"),
    match: z
      .string()
      .min(1)
      .optional()
      .describe('the matchers of its series in the Prometheus of this file: version="v1.4.0"'),
  })
  .refine(({ metrics, match }) => (metrics === undefined) !== (match === undefined), {
    error: "expected either metrics or match",
  });

const traffic = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("haproxy"),
    runtime: z
      .url({ protocol: /^(unix|tcp)$/ })
      .describe("its runtime API: unix:///run/haproxy/admin.sock or tcp://127.0.0.1:9999"),
    backend: name,
    stable: z.array(name).min(1).describe("the servers of the stable arm"),
    candidate: z.array(name).min(1),
  }),
  z.strictObject({
    kind: z.literal("command"),
    set: z
      .string()
      .includes("{share}")
      .describe("a line of a shell, in which {share} and {stable} are the percentages of both arms"),
  }),
  z.strictObject({
    kind: z.literal("template"),
    template: name.describe("a ready command of docs/canary-traffic.md"),
    values: z.record(z.string(), value).default({}),
  }),
  z.strictObject({ kind: z.literal("manual") }),
]);

const line = z.string().min(1);

/** The section `canary` of a release file. */
export const canarySectionSchema = z.strictObject({
  stable: arm,
  candidate: arm,
  traffic,
  rollback: z
    .strictObject({
      previousVersion: line.optional().describe("a line of a shell that deploys the previous version"),
      killSwitch: z
        .union([
          z
            .strictObject({ off: line, on: line })
            .describe("lines of a shell: stop execution, and allow it again"),
          z.strictObject({
            url: z.url().describe("the kill switch of Spark's kind: POST ?enable=false&scope=canary"),
          }),
        ])
        .optional(),
    })
    .default({}),
});

type CanarySection = z.output<typeof canarySectionSchema>;

/** Where an arm is: its metrics pages, or the matchers of its series in the Prometheus of the release file. */
interface ReleaseArm {
  readonly url: string;
  readonly source:
    | { readonly kind: "scrape"; readonly metrics: readonly string[] }
    | { readonly kind: "prometheus"; readonly match: string };
}

/** How the traffic is split, as `release.yml` says it. */
export type ReleaseTraffic = CanarySection["traffic"];

/** How the candidate is stopped, as `release.yml` says it. */
type ReleaseKillSwitch =
  | { readonly kind: "commands"; readonly off: string; readonly on: string }
  | { readonly kind: "url"; readonly url: string };

/** The canary of a release. Null: the file leaves it out. */
export interface ReleaseCanary {
  readonly stable: ReleaseArm;
  readonly candidate: ReleaseArm;
  readonly traffic: ReleaseTraffic;
  readonly rollback: {
    readonly previousVersion: string | null;
    readonly killSwitch: ReleaseKillSwitch | null;
  };
}

/** Completes the section as it was read. */
export function completeCanarySection({
  stable,
  candidate,
  traffic,
  rollback,
}: CanarySection): ReleaseCanary {
  const { previousVersion = null, killSwitch } = rollback;
  return {
    stable: completeArm(stable),
    candidate: completeArm(candidate),
    traffic,
    rollback: {
      previousVersion,
      killSwitch:
        killSwitch === undefined
          ? null
          : "url" in killSwitch
            ? { kind: "url", ...killSwitch }
            : { kind: "commands", ...killSwitch },
    },
  };
}

function completeArm({ url, metrics, match }: CanarySection["stable"]): ReleaseArm {
  if (metrics !== undefined) return { url, source: { kind: "scrape", metrics } };
  return { url, source: { kind: "prometheus", match: match ?? "" } };
}
