import { type Command, InvalidArgumentError } from "commander";
import { counted, formatDuration, UsageError } from "../../core/index.ts";
import { VENUE_NAMES } from "../../venues/index.ts";
import { type LabChoice, pickLab, readyLabs, withLabChoice } from "../choose-lab.ts";
import type { CommandContext } from "../context.ts";
import type { Output } from "../output.ts";
import { type MisbehaviorStatus, VenueControl, type VenueStatus } from "../venue-control.ts";

const EXAMPLES = `
  kanit venue binance misbehave ack-lost every=3
  kanit venue btcturk misbehave html-504 times=1 ttlMs=60000
  kanit venue bist session closing-auction
  kanit venue binance behave

Frequency: every=N, times=N or share=0.1 (default: each time).
Names and options: docs/misbehaviors.md.`;

const ACTIONS = ["misbehave", "behave", "status", "pause", "resume", "session"] as const;
type Action = (typeof ACTIONS)[number];

/**
 * `kanit venue <venue> <action> …`: makes an exchange of a running lab misbehave, and shows how often it has.
 */
export function addVenueCommand(program: Command, context: CommandContext): void {
  withLabChoice(
    program
      .command("venue")
      .description("make an exchange misbehave: kanit venue binance misbehave ack-lost every=3")
      .argument("<venue>", VENUE_NAMES.join(", "))
      .argument("<action>", ACTIONS.join(", "), readAction)
      .argument("[name]", "the misbehavior; for session the phase, or `day`")
      .argument("[options...]", "key=value")
      .addHelpText("after", EXAMPLES),
  ).action(
    (
      venue: string,
      action: Action,
      name: string | undefined,
      options: readonly string[],
      choice: LabChoice,
    ) => actOnVenue({ venue, action, name, options: readOptions(options), choice }, context),
  );
}

interface VenueAction {
  readonly venue: string;
  readonly action: Action;
  readonly name: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly choice: LabChoice;
}

async function actOnVenue(
  { venue, action, name, options, choice }: VenueAction,
  { environment, output, signal }: CommandContext,
): Promise<void> {
  const lab = pickLab(await readyLabs(environment, choice), choice);
  const control = new VenueControl(lab.addresses.venueControl, signal);
  switch (action) {
    case "status":
      await showStatus(venue, control, output);
      return;
    case "misbehave": {
      const state = await control.misbehave(venue, needed(name, action), options);
      output.result({ venue, misbehaviors: [state] });
      output.line(`${venue}: ${stateLine(state)}`);
      return;
    }
    case "behave": {
      const ended = await control.behave(venue, name);
      output.result({ venue, misbehaviors: ended });
      for (const state of ended) {
        if (name !== undefined || state.bites > 0) output.line(`${venue}: ${stateLine(state)}`);
      }
      if (name === undefined) output.line(`${venue} behaves.`);
      return;
    }
    case "session": {
      const phase = needed(name, action);
      const change = phase === "day" ? { day: "play", ...options } : { phase, ...options };
      const session = await control.session(venue, change);
      output.result({ venue, session });
      output.line(`${venue}: ${session}`);
      return;
    }
    case "pause":
    case "resume":
      // The status is requested first, so that an unknown venue is an error before the recording is paused.
      await control.status(venue);
      await control.tape(action);
      output.result({ tape: `${action}d` });
      output.line(`the market tape is ${action}d, for all venues.`);
  }
}

async function showStatus(venue: string, control: VenueControl, output: Output): Promise<void> {
  const status = await control.status(venue);
  output.result({ venue, ...status });
  for (const line of statusLines(venue, status)) output.line(line);
}

function statusLines(venue: string, { tape, openOrders, trades, session, misbehaviors }: VenueStatus) {
  const trading = openOrders === undefined ? "" : `, ${openOrders} open orders, ${trades} fills`;
  const notable = misbehaviors.filter(({ frequency, bites }) => frequency !== "off" || bites > 0);
  return [
    `${venue}: tape ${tape}${session === undefined ? "" : `, ${session}`}${trading}`,
    ...(notable.length === 0 ? ["  behaves"] : notable.map((state) => `  ${stateLine(state)}`)),
  ];
}

function stateLine({ name, frequency, options, bites, expiresInMs }: MisbehaviorStatus): string {
  const settings = { ...(frequency === "off" ? {} : frequency), ...options };
  const values = Object.entries(settings).map(([option, value]) => ` ${option}=${String(value)}`);
  const expiry = expiresInMs === null ? "" : `, expires in ${formatDuration(expiresInMs)}`;
  return `${name}${frequency === "off" ? " off" : values.join("")}, happened ${counted(bites, "time")}${expiry}`;
}

function readAction(text: string): Action {
  const action = ACTIONS.find((known) => known === text);
  if (action === undefined) throw new InvalidArgumentError(`Known are ${ACTIONS.join(", ")}.`);
  return action;
}

/** Parses `every=3 symbol=BTCUSDT`. Values that are numbers become numbers. */
function readOptions(texts: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name = "", value = ""] = /^([A-Za-z]\w*)=(.+)$/s.exec(text) ?? [];
      if (name === "") {
        throw new UsageError({
          code: "bad-option",
          message: `Expected key=value, got ${JSON.stringify(text)}.`,
          nextStep: "Write it like every=3; docs/misbehaviors.md lists the options.",
        });
      }
      return [name, /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value];
    }),
  );
}

function needed(name: string | undefined, action: Action): string {
  if (name !== undefined) return name;
  const what = action === "session" ? "a phase, or day" : "the name of a misbehavior";
  throw new UsageError({
    code: "missing-name",
    message: `Expected ${what} after ${action}, got nothing.`,
    nextStep: "docs/misbehaviors.md lists them.",
  });
}
