import { SecretRegistry } from "../../core/index.ts";
import { readPlatformDefinition, SPARK_DEFINITION } from "../../definition/index.ts";
import { labTemporaryDirectory, startLocalLab } from "../../lab/index.ts";
import type { Mutant } from "../engine/mutant.ts";

const DEFECT = "idempotency-race";

/** The platform looks for a key, and then writes it. */
export const racingKeys: Mutant = {
  what: "A lab of its own runs the platform with the defect idempotency-race: the key is checked, then written.",
  apply: async ({ signal }) => {
    const lab = await startLocalLab({
      platform: await readPlatformDefinition(SPARK_DEFINITION),
      market: { kind: "synthetic" },
      tapeSpeed: 1,
      seed: 1,
      linkPorts: {},
      platformEnvironment: { SPARK_DEFECTS: DEFECT },
      canary: null,
      stepsClock: false,
      secrets: new SecretRegistry(),
      logDirectory: null,
      temporaryDirectory: labTemporaryDirectory({}),
      signal,
    });
    return {
      effect: `lab ${lab.id} with SPARK_DEFECTS=${DEFECT}`,
      parts: { lab: lab.addresses },
      [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
    };
  },
};
