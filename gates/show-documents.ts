import { BURN_WINDOWS, describeLimit, GOLDEN_SIGNALS, OBJECTIVES } from "../signals/index.ts";
import { minuteText, type ShowStep, TIMELINE } from "./run-of-show/timeline.ts";

/** `docs/release/CANARY_RUN_OF_SHOW.md`: the timeline, as the command carries it out. */
export function runOfShowDocument(generated: string): string {
  return `# Run of show

The timeline of a release, from the freeze to its lift. \`kanit run-of-show <release>\` carries it out: each step at its time, in a
process of its own, its evidence filed. It holds where a step that must pass does not, and says what to type then.

${generated}

| time | step | who | command | when it does not pass |
|---|---|---|---|---|
${TIMELINE.map(stepRow).join("\n")}

The deployment index has the release note at T+24h. The 24 hourly checks begin at T+90, so that they end 90 minutes later.

## Before a release

    ./kanit run-of-show v1.4.0 --plan                                  # who does what, and when
    ./kanit run-of-show v1.4.0 --time-scale 60 --until snapshot-100    # rehearse it, an hour in a minute
    ./kanit run-of-show v1.4.0 --zero 2026-01-31T12:00:00Z --commander mara --key mara.key.pem --key ali.key.pem --keys /from/elsewhere/keys

Without a [\`release.yml\`](RELEASE_FILE.md) it is carried out on a lab with a candidate beside the platform: the one that runs, or one
that is started for it, with users. A rehearsal goes on after a step that does not pass, and its verdict says so all the same. Commands
take as long as they take: what cannot begin at its time, because the one before it goes on, begins late, and the evidence says how late.

## When it is held

The freeze holds, and nothing goes on by itself. \`--from <step>\` goes on with a step, \`kanit freeze lift <release>\` gives up,
\`kanit rollback\` takes the canary back. The canary goes on beside the snapshots; as soon as it has ended badly, the show is held.

## Freeze

\`kanit freeze check\` ends with exit code 1 while a release goes out: a required check of pull requests, or the first line of a
deployment's script. It reads \`freeze.json\` in the folder of archives. \`kanit freeze start\` and \`lift\` print the line that gives open
pull requests the label \`hold-for-canary\`, or takes it from them.

## War room

\`kanit note\` is its log ([war room](WAR_ROOM.md)), filed in the release's archive message by message, so that its journal gives each a
place that nobody can change later.

    ./kanit note v1.4.0 --take-command --by mara                      # one commander; another one is refused
    ./kanit note v1.4.0 --signal p95 "240 ms, limit 200 ms"           # noted when it changes, and not again
    ./kanit note v1.4.0 --decision "hold at 5 % until 12:30" --by mara # of the commander only
    ./kanit note v1.4.0 --hand-over ali --by mara
    ./kanit note v1.4.0                                               # the log, and who commands

The run of show says there how each step ended.

## Evidence

\`run_of_show_<release>.txt\` (each step with its planned and its real time), \`war_room_<release>.txt\`, and what each step files itself.
`;
}

function stepRow({ name, minute, title, role, command, end }: ShowStep): string {
  const otherwise =
    end === "stops"
      ? "the show is held"
      : end === "goes-on"
        ? "its verdict counts, the next step comes"
        : `goes on beside the next steps, until ${end.step}; the show is held as soon as it ends badly`;
  const words = command
    .join(" ")
    .replace("{release}", "<release>")
    .replace("{scale}", "1")
    .replace("{commander}", "<commander>");
  return `| ${minuteText(minute)} | ${name}: ${title} | ${role} | \`kanit ${words}\` | ${otherwise} |`;
}

/** `docs/release/FIRST_NIGHT_MONITORING.md`: what is looked at each hour, and what counts. */
export function firstNightDocument(generated: string): string {
  return `# First night

\`kanit first-night <release>\` looks at a release at the end of each of 24 hours, from T+90 on.

${generated}

## Each hour

A log, \`hourly_log_00.txt\` to \`hourly_log_23.txt\`, with its verdict. It fails by any of these, and is inconclusive where one of them
cannot be had:

- the health check answers with 200;
- no rollback trigger fires, each is loaded and evaluated, and none fired within the hour
  (by the series ALERTS, which a Prometheus keeps and a lab does not);
- each golden signal, over the hour, is within its limit, of at least 299 requests;
- no error budget burns faster than it may in both windows of a pair, of at least 20 requests in the short one; at least a tenth of it is
  left, and below that only fixes are released.

| golden signal | limit |
|---|---|
${GOLDEN_SIGNALS.map((signal) => `| ${signal.title} | ${describeLimit(signal)} |`).join("\n")}

| windows | faster than | severity |
|---|---|---|
${BURN_WINDOWS.map(({ long, short, factor, severity }) => `| ${long} and ${short} | ${factor} times | ${severity} |`).join("\n")}

Budgets: ${OBJECTIVES.map(({ title, target }) => `${title}, ${target * 100} %`).join("; ")}.

## A missing hour is a finding

An hour is checked at its end, or up to a quarter of an hour later; then it is missed, and nobody makes up for it. The next log names the
missed hours, the report lists them, and the night does not pass. The archive is all that the command remembers: after a restart,
a SIGKILL or a machine that slept, the same command goes on with the first hour that is left, and checks none twice. One process at a
time keeps a night.

Each log names the log before it by its SHA-256. Its last line is its record, of which all the rest was made. A log that was changed or put in
another's place is a finding.

## Contracts

After the first and the last hour and every six hours, \`contract_spot_<time>.txt\` says whether venues still answer as their
[pacts](../contracts.md) say: those of \`venueMarkets\` and \`venueStreams\` in [\`release.yml\`](RELEASE_FILE.md), or those of the lab. They
get public questions only (\`kanit contracts verify --public-only\`): no signature, no order. What needs one is not looked at, and the file
says how much that is. A venue of which nothing could be asked is inconclusive.

## In the end

\`stability_report_24h.md\`: the verdict, findings, a line for each hour, what is left of the budgets, the spot checks. Then
\`kanit release-oneliner <release>\`. Its exit code is that of the worst hour, also when it is interrupted.

## Rehearsal

    ./kanit up                                      # in other terminals: a lab,
    ./kanit load --rate 20 --for 10m                # and its users, without whom there is nothing to judge
    ./kanit first-night v1.4.0 --time-scale 300     # 24 hours in five minutes

Hours, windows and the triggers' ranges are compressed; the platform and its feeds are not. Every log says that it is a rehearsal, and a
night is not gone on with at another time scale. A lab's monitor keeps an hour of samples: on a lab that is watched for a whole real night,
burn windows longer than an hour are those of the last hour.
`;
}
