import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../core/index.ts";

/**
 * The configuration of a lab's alerting: what rolls back goes to whoever leads the release, and the rest to whoever is
 * on call. It ships as an example too; a lab notifies nobody.
 */
const CONFIG = `route:
  receiver: on-call
  routes:
    - matchers: ['severity="rollback"']
      receiver: release-commander
receivers:
  - name: on-call
    webhook_configs: [{ url: "http://127.0.0.1:9/on-call" }]
  - name: release-commander
    webhook_configs: [{ url: "http://127.0.0.1:9/release-commander" }]
`;

const silenceShape = z.object({
  matchers: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      isRegex: z.boolean(),
      isEqual: z.boolean().default(true),
    }),
  ),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  createdBy: z.string(),
  comment: z.string(),
});

type Silence = z.infer<typeof silenceShape> & { readonly id: string };

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The part of Alertmanager's API v2 that gates ask, for a lab. It keeps silences in memory. */
export class LabAlertmanager {
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #silences = new Map<string, Silence>();

  constructor(clock: Pick<Clock, "nowMs">) {
    this.#clock = clock;
  }

  /** Answers a request; null for a path that is not Alertmanager's. */
  answer(method: string, path: string, body: string): Answer | null {
    if (path === "/api/v2/status") return { status: 200, body: { config: { original: CONFIG } } };
    if (path === "/api/v2/silences") {
      return method === "POST" ? this.#add(body) : { status: 200, body: this.#listed() };
    }
    const id = /^\/api\/v2\/silence\/([\w-]+)$/.exec(path)?.[1];
    if (id === undefined || method !== "DELETE") return null;
    return { status: this.#silences.delete(id) ? 200 : 404, body: {} };
  }

  #add(body: string): Answer {
    const parsed = silenceShape.safeParse(JSON.parse(body));
    if (!parsed.success) return { status: 400, body: z.prettifyError(parsed.error) };
    const id = randomUUID();
    this.#silences.set(id, { ...parsed.data, id });
    return { status: 200, body: { silenceID: id } };
  }

  #listed(): readonly unknown[] {
    const nowMs = this.#clock.nowMs();
    const stateOf = ({ startsAt, endsAt }: Silence) => {
      if (Date.parse(endsAt) <= nowMs) return "expired";
      return Date.parse(startsAt) > nowMs ? "pending" : "active";
    };
    return [...this.#silences.values()].map((silence) => ({
      ...silence,
      status: { state: stateOf(silence) },
    }));
  }
}
