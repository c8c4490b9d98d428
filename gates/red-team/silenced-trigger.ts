import { z } from "zod";
import { requestHttp } from "../../network/index.ts";
import type { Mutant } from "../engine/mutant.ts";

const ALERT = "ApiLatencyP95High";
const HOUR_MS = 3_600_000;
const created = z.object({ silenceID: z.string() });

/** Somebody silenced a trigger during an incident, and nobody took the silence back. */
export const silencedTrigger: Mutant = {
  what: `The trigger ${ALERT} is silenced in Alertmanager, as during an incident that is over.`,
  apply: async ({ target, clock, signal }) => {
    const { alertmanager } = target.parts;
    if (alertmanager === null) throw new Error("there is no Alertmanager");
    const nowMs = clock.nowMs();
    const answer = await requestHttp(new URL("/api/v2/silences", alertmanager), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        matchers: [{ name: "alertname", value: ALERT, isRegex: false, isEqual: true }],
        startsAt: new Date(nowMs - HOUR_MS).toISOString(),
        endsAt: new Date(nowMs + HOUR_MS).toISOString(),
        createdBy: "drill",
        comment: "noisy during the incident",
      }),
      signal,
    });
    if (!answer.ok) throw new Error(`Alertmanager answered with status ${answer.status}`);
    const { silenceID } = created.parse(JSON.parse(answer.text));
    return {
      effect: `silence ${silenceID.slice(0, 8)} of ${ALERT}`,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        await requestHttp(new URL(`/api/v2/silence/${silenceID}`, alertmanager), { method: "DELETE" });
      },
    };
  },
};
