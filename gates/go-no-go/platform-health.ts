import { injectFault, parseFault } from "../../chaos/index.ts";
import { faultContextOf } from "../../lab/index.ts";
import { requestHttp } from "../../network/index.ts";
import { defineCheck } from "../engine/check.ts";
import type { Mutant } from "../engine/mutant.ts";

const ASKED = 3;

const lostDatabase: Mutant = {
  what: "The link to Postgres is down.",
  apply: async ({ lab }) => {
    const fault = await injectFault(parseFault("postgres", "down", []), faultContextOf(lab, lab.proxy));
    return {
      effect: fault.label,
      parts: {},
      [Symbol.asyncDispose]: async () => {
        await fault.heal();
      },
    };
  },
};

/** Is the platform healthy at the moment of the decision? */
export const platformHealth = defineCheck({
  id: "platform-health",
  title: "Platform healthy now",
  question: "Is the platform that will be replaced healthy at this moment?",
  risk: "A release into an incident hides what caused which, and the way back leads into the incident.",
  command: `curl -si "$TARGET/api/healthz"`,
  passes: `${ASKED} health checks in a row answer with 200`,
  fix: "End the incident first.",
  evidence: ["go_nogo_health_{release}.txt"],
  deadlineMs: 20_000,
  maxAgeMs: 60_000,
  needs: ["health"],
  mutant: lostDatabase,
  observe: async ({ health }, { clock, signal, target: { allowedHosts } }) => {
    const asOfMs = clock.nowMs();
    const answers: { readonly status: number; readonly text: string }[] = [];
    for (let asked = 0; asked < ASKED; asked++)
      answers.push(await requestHttp(health, { signal, allowedHosts }));
    const bad = answers.filter(({ status }) => status !== 200);
    return {
      expected: ["health"],
      examined: ["health"],
      acts: [{ what: "health checks", asked: ASKED, happened: answers.length }],
      asOfMs,
      violations:
        bad.length === 0 ? [] : [`${bad.length} of ${ASKED} health checks answered ${bad[0]?.status}`],
      unclear: [],
      summary: answers.map(({ status }) => status).join(", "),
      texts: [answers.map(({ status, text }) => `${status} ${text.slice(0, 500)}\n`).join("")],
    };
  },
});
