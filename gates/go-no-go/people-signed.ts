import { defineCheck } from "../engine/check.ts";
import type { Mutant } from "../engine/mutant.ts";

const oneSigned: Mutant = {
  what: "Of the people, only the one who deploys has signed.",
  apply: () =>
    Promise.resolve({
      effect: "only those who deploy signed",
      parts: { approvals: () => Promise.resolve({ isGo: false, why: "only those who deploy signed: mara" }) },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
};

/** Have at least two people decided, one of whom does not deploy? */
export const peopleSigned = defineCheck({
  id: "people-signed",
  title: "Signatures of people",
  question:
    "Have at least two people signed GO over this commit and this evidence, not only whoever deploys?",
  risk: "One tired person releases alone, and afterwards nobody can show who looked at what.",
  command: "kanit evidence approve <release> --key <file> --role reviewer",
  passes:
    "two different people signed GO over the sealed evidence and its commit, one of them does not deploy, and nobody says NO-GO",
  fix: "Seal the evidence and have it signed: kanit ritual <release>, then kanit evidence approve <release> --key <file> --role reviewer.",
  evidence: ["go_nogo_people_{release}.txt"],
  deadlineMs: 10_000,
  maxAgeMs: 60_000,
  needs: ["approvals"],
  mutant: oneSigned,
  observe: async ({ approvals }, { clock }) => {
    const asOfMs = clock.nowMs();
    const { isGo, why } = await approvals();
    return {
      expected: ["signatures"],
      examined: ["signatures"],
      acts: [],
      asOfMs,
      violations: isGo ? [] : [why],
      unclear: [],
      summary: why,
      texts: [`${why}\n`],
    };
  },
});
