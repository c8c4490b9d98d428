import { SecretRegistry } from "../../core/index.ts";
import { readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import { labTemporaryDirectory, startLocalLab } from "../../lab/index.ts";
import type { Mutant } from "../engine/mutant.ts";
import { labKillSwitchPart } from "../target/lab-kill-switch-part.ts";

/** A defect of the platform, and in which of its two versions it is. */
export interface PlantedDefect {
  readonly what: string;
  readonly defect: string;
  readonly arm: "canary" | "stable";
}

/** A lab of its own, in which one version has the defect. */
export function defectivePlatform({ what, defect, arm }: PlantedDefect): Mutant {
  return {
    what: `In a lab of its own ${arm} has the defect ${defect}: ${what}`,
    apply: async ({ signal }) => {
      const platform = await readPlatformDefinition(SPARK_DEFINITION);
      const inCanary = arm === "canary" ? defect : "";
      const lab = await startLocalLab({
        platform,
        ...{ market: { kind: "synthetic" }, tapeSpeed: 1, seed: 1, linkPorts: {} },
        platformEnvironment: { SPARK_DEFECTS: arm === "stable" ? defect : "" },
        canary: {
          ...{ candidate: platform, candidateEnvironment: { SPARK_DEFECTS: inCanary } },
          ...{ difference: defect, sharePercent: 0, clients: "spread" },
        },
        stepsClock: false,
        secrets: new SecretRegistry(),
        logDirectory: null,
        temporaryDirectory: labTemporaryDirectory({}),
        signal,
      });
      const { canary, powers, addresses } = lab;
      if (canary === null) throw new Error("the lab has no canary");
      const restart = async (process: string) => {
        await powers.killing?.kill(process, 0);
      };
      return {
        effect: `lab ${lab.id} with SPARK_DEFECTS=${defect} in ${arm}`,
        parts: { killSwitch: labKillSwitchPart(canary, addresses, restart) },
        [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
      };
    },
  };
}
