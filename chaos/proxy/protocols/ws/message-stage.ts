import type { Stage, StageHost } from "../../stage.ts";
import { pattern, type ValuesOf } from "../../toxics/attribute-spec.ts";
import { MESSAGE_CHOICE, MessageChooser } from "../../toxics/message-choice.ts";
import { FrameStage } from "./frame-stage.ts";
import { ReadableChoice } from "./message-choice.ts";
import { type MessageAction, MessageWork } from "./message-work.ts";
import type { SliceJoiner } from "./slice-joiner.ts";

/** The pattern that a message's text must match: an attribute of every toxic on data messages. */
export const MESSAGE_PATTERN = {
  pattern: pattern("only text messages that match this regular expression; empty: every data message"),
};

/** Which data messages a toxic affects: the attributes of toxics that choose messages. */
export const WS_MESSAGE_CHOICE = { ...MESSAGE_PATTERN, ...MESSAGE_CHOICE };

/** Its values. */
export type ChosenMessages = ValuesOf<typeof WS_MESSAGE_CHOICE>;

type PatternAttributes = ValuesOf<typeof MESSAGE_PATTERN>;
type MessageStage<A> = Omit<Stage, "update"> & { update(attributes: A): void };

/** Creates the action of a toxic, which receives the output and its current attributes. */
type CreateAction<A> = (out: SliceJoiner, current: () => A) => MessageAction & { onUpdate?(): void };

/** Starts a toxic that acts on the data messages that its attributes choose. */
export function startChosenMessageStage<A extends ChosenMessages>(
  host: StageHost,
  initial: A,
  createAction: CreateAction<A>,
): MessageStage<A> {
  const chooser = new MessageChooser(host);
  return startMessageStage(host, initial, (attributes) => chooser.takesNext(attributes), createAction);
}

/** Starts a toxic on data messages; `takesNext` is called once for each that matches the pattern. */
export function startMessageStage<A extends PatternAttributes>(
  host: StageHost,
  initial: A,
  takesNext: (attributes: A) => boolean,
  createAction: CreateAction<A>,
): MessageStage<A> {
  let current = initial;
  const choice = new ReadableChoice(host, initial.pattern, () => takesNext(current));
  let action: ReturnType<CreateAction<A>> | undefined;
  const stage = new FrameStage(host, (out) => {
    action = createAction(out, () => current);
    return new MessageWork(out, choice, action);
  });
  return {
    get heldBytes() {
      return stage.heldBytes;
    },
    push: (item) => stage.push(item),
    update(attributes) {
      current = attributes;
      choice.setPattern(attributes.pattern);
      action?.onUpdate?.();
    },
    release() {
      // An incomplete message is waited for, since it may have to be rewritten.
      if (choice.remove()) action?.flush();
      else stage.release();
    },
    discard: () => stage.discard(),
  };
}
