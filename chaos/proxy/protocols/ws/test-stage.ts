import { systemClock } from "../../../../core/index.ts";
import { type FlowItem, isEnding } from "../../flow-item.ts";
import type { AffectedMessage, Stage, ToxicAttribute, ToxicAttributes } from "../../stage.ts";
import { ENDLESS_TURN } from "../../test-rig.ts";
import { TOXIC_TYPES } from "../../toxics/registry.ts";

/** A toxic's stage by itself, with its output. */
export interface StageUnderTest {
  readonly stage: Stage;
  readonly items: FlowItem[];
  readonly affected: AffectedMessage[];
  readonly gaveUp: string[];
  /** All bytes emitted so far. */
  output(): Buffer;
}

/** Starts one direction of a toxic with some of its attributes and defaults for the others. */
export function startStage(
  typeName: string,
  some: Readonly<Record<string, ToxicAttribute>> = {},
  joined: "from-start" | "midway" = "from-start",
): StageUnderTest {
  const type = TOXIC_TYPES.get(typeName);
  if (type?.works !== "one-way") throw new Error(`${typeName} is no one-way toxic`);
  const fallbacks = Object.entries(type.attributes).map(([name, { fallback }]) => [name, fallback]);
  const attributes: ToxicAttributes = { ...Object.fromEntries(fallbacks), ...some };
  const items: FlowItem[] = [];
  const affected: AffectedMessage[] = [];
  const gaveUp: string[] = [];
  let matches = 0;
  const stage = type.start(
    {
      clock: systemClock,
      loop: ENDLESS_TURN,
      outlive: () => undefined,
      joined,
      bite: () => undefined,
      biteMessage: (message) => affected.push(message),
      roll: (number) => Math.abs(Math.sin(number * 12.9898) * 43_758.5453) % 1,
      nextMatch: () => {
        matches += 1;
        return matches;
      },
      giveUp: (why) => gaveUp.push(why),
      emit: (item) => items.push(item),
    },
    attributes,
  );
  const output = () => Buffer.concat(items.filter((item): item is Buffer => !isEnding(item)));
  return { stage, items, affected, gaveUp, output };
}
