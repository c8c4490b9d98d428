/** A ready command for a balancer: a line of a shell, with words in braces for the values of `release.yml`. */
export interface CommandTemplate {
  readonly name: string;
  readonly line: string;
  /** Whether the balancer takes fractions of a percent. */
  readonly takesFractions: boolean;
}

/** The words that are filled with the percentages of both arms; all others are values of `release.yml`. */
const SHARE_WORDS: readonly string[] = ["share", "stable"];

/** The ready commands; docs/canary-traffic.md says what each of them needs. */
export const COMMAND_TEMPLATES: readonly CommandTemplate[] = [
  {
    name: "argo-rollouts",
    line: `kubectl patch rollouts.argoproj.io {rollout} --namespace {namespace} --type merge --patch '{"spec":{"strategy":{"canary":{"steps":[{"setWeight":{share}},{"pause":{}}]}}}}'`,
    takesFractions: false,
  },
  {
    name: "istio",
    line: `kubectl patch virtualservices.networking.istio.io {virtualService} --namespace {namespace} --type json --patch '[{"op":"test","path":"/spec/http/0/route/0/destination/subset","value":"{stableSubset}"},{"op":"test","path":"/spec/http/0/route/1/destination/subset","value":"{candidateSubset}"},{"op":"replace","path":"/spec/http/0/route/0/weight","value":{stable}},{"op":"replace","path":"/spec/http/0/route/1/weight","value":{share}}]'`,
    takesFractions: false,
  },
  {
    name: "nginx",
    line: `if [ {share} = 0 ]; then part=; else part='{share}% {candidateUpstream};'; fi; printf 'split_clients "$request_id" $kanit_arm { %s * {stableUpstream}; }\\n' "$part" > {file}.new && mv {file}.new {file} && nginx -t -q -c {configuration} && nginx -s reload -c {configuration}`,
    takesFractions: true,
  },
  {
    name: "aws-load-balancer",
    line: `aws elbv2 modify-rule --rule-arn {rule} --actions '[{"Type":"forward","ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"{stableGroup}","Weight":{stable}},{"TargetGroupArn":"{candidateGroup}","Weight":{share}}],"TargetGroupStickinessConfig":{"Enabled":false}}}]'`,
    takesFractions: false,
  },
];

const WORD = /\{([A-Za-z]\w*)\}/g;

/** The words of a line that `release.yml` must give values for. */
export function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(WORD)].map(([, word = ""]) => word);
  return [...new Set(words)].filter((word) => !SHARE_WORDS.includes(word));
}

/** Returns the line with its words filled in. Words without a value stay. */
export function fillLine(line: string, values: Readonly<Record<string, string>>): string {
  return line.replaceAll(WORD, (all, word: string) => values[word] ?? all);
}
