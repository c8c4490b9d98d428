import type { Mutant } from "../engine/mutant.ts";

/** What is done to one file of the evidence. */
export interface ReplacedEvidenceInput {
  /** `{release}` stands for the release. */
  readonly name: string;
  readonly what: string;
  readonly change: (text: string) => string;
  /** The commit that the file then names; without it, its own. */
  readonly commit?: string;
}

/** A mutant that puts another file in the place of one that is filed. */
export function replacedEvidence({ name: template, what, change, commit }: ReplacedEvidenceInput): Mutant {
  return {
    what,
    apply: async ({ target }) => {
      const { evidence } = target.parts;
      if (evidence === null) throw new Error("there is no evidence");
      const name = template.replaceAll("{release}", target.release);
      const filed = await evidence(name);
      if (filed === null) throw new Error(`${name} is not filed`);
      const replaced = { ...filed, text: change(filed.text), commit: commit ?? filed.commit };
      if (replaced.text === filed.text && replaced.commit === filed.commit) {
        throw new Error(`${name} would be the same`);
      }
      return {
        effect: `${name} replaced`,
        parts: { evidence: (asked) => (asked === name ? Promise.resolve(replaced) : evidence(asked)) },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    },
  };
}
