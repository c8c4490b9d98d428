import { userInfo } from "node:os";
import type { SecretRegistry } from "../core/index.ts";
import { INSTALLATION, outDirectory } from "../installation/index.ts";
import { dockerVariables, labTemporaryDirectory } from "../lab/index.ts";

/** kanit's settings from the environment. Only this file and programs' main files read it. */
export interface Environment {
  /** `KANIT_TAPE`: a market recording; null: the synthetic market. */
  readonly tapePath: string | null;
  readonly signing: SigningEnvironment;
  /** The folder for temporary files of labs. */
  readonly temporaryDirectory: string;
  /** `KANIT_OUT`, or the folder for reports and evidence by default. */
  readonly outDirectory: string;
  /** `KANIT_ARCHIVE`, or the folder in which the evidence of releases is by default. */
  readonly archiveDirectory: string;
  /** The user who runs the command. */
  readonly user: string;
  /** Reads a variable that a release definition names. Its value is a secret from then on. */
  readonly variable: (name: string) => string | undefined;
  /** The variables of one of kanit's own commands; what signs is among them only for one that signs. */
  readonly commandVariables: (signs: boolean) => NodeJS.ProcessEnv;
  /** Whether standard output supports colors, whether lines can be rewritten, and whether questions can be asked. */
  readonly terminal: { readonly color: boolean; readonly interactive: boolean; readonly asks: boolean };
  /** `GITHUB_STEP_SUMMARY`: the file for a CI run's summary; null outside GitHub. */
  readonly stepSummaryPath: string | null;
  readonly docker: DockerEnvironment;
  /** The variables that the program for contracts reads: keys of a venue, address and credentials of a Pact Broker. */
  readonly contractVariables: Readonly<Record<string, string>>;
  /** The secrets of this command: registered where values enter, filtered wherever text leaves. */
  readonly secrets: SecretRegistry;
}

/** What signs, where a file would be in the way: in CI. */
interface SigningEnvironment {
  /** `KANIT_SIGNING_KEY`: a private key, as PEM. */
  readonly key: string | null;
  /** `KANIT_KEY_PASSPHRASE`: the passphrase of private keys. */
  readonly passphrase: string | null;
}

/** What Docker's command-line programs and labs in containers use of the environment. */
interface DockerEnvironment {
  /** The only variables that are passed to `docker` and Compose. */
  readonly variables: Readonly<Record<string, string>>;
  /** `KANIT_PROXY`: `kanit` uses kanit's own fault proxy in Toxiproxy's place; null: Toxiproxy. */
  readonly proxyEngine: string | null;
  /** `SPARK_IMAGE`: the image of a platform in Spark's place; null: Spark. */
  readonly platformImage: string | null;
}

const CONTRACT_VARIABLES = [
  "KANIT_VENUE_KEY",
  "KANIT_VENUE_SECRET",
  "PACT_BROKER_BASE_URL",
  "PACT_BROKER_TOKEN",
  "PACT_BROKER_USERNAME",
  "PACT_BROKER_PASSWORD",
] as const;

/** Reads all settings from the environment; `secrets` are the command's known secrets. */
export function readEnvironment(secrets: SecretRegistry): Environment {
  const {
    KANIT_TAPE,
    KANIT_OUT,
    KANIT_ARCHIVE,
    NO_COLOR,
    TERM,
    CI,
    GITHUB_STEP_SUMMARY,
    KANIT_PROXY,
    SPARK_IMAGE,
  } = process.env;
  const signing = takeSigning(process.env);
  const capable = process.stdout.isTTY === true && TERM !== "dumb";
  const interactive = capable && CI === undefined;
  return {
    tapePath: notEmpty(KANIT_TAPE),
    outDirectory: notEmpty(KANIT_OUT) ?? outDirectory(INSTALLATION, process.cwd()),
    archiveDirectory: notEmpty(KANIT_ARCHIVE) ?? "out",
    user: userInfo().username,
    variable: (name) => {
      const value = process.env[name];
      if (value !== undefined) secrets.registerVariables({ [name]: value });
      return value;
    },
    signing,
    commandVariables: (signs) => ({ ...process.env, ...(signs ? signingVariables(signing) : {}) }),
    temporaryDirectory: labTemporaryDirectory(process.env),
    terminal: {
      interactive,
      color: capable && (NO_COLOR ?? "") === "",
      asks: interactive && process.stdin.isTTY === true,
    },
    stepSummaryPath: GITHUB_STEP_SUMMARY ?? null,
    secrets,
    contractVariables: given(process.env, CONTRACT_VARIABLES),
    docker: {
      variables: dockerVariables(process.env),
      proxyEngine: notEmpty(KANIT_PROXY),
      platformImage: notEmpty(SPARK_IMAGE),
    },
  };
}

/** Takes the key out of the environment: programs that kanit starts, such as a package's scripts, do not get it. */
function takeSigning(environment: NodeJS.ProcessEnv): SigningEnvironment {
  const { KANIT_SIGNING_KEY, KANIT_KEY_PASSPHRASE } = environment;
  delete environment.KANIT_SIGNING_KEY;
  delete environment.KANIT_KEY_PASSPHRASE;
  return { key: notEmpty(KANIT_SIGNING_KEY), passphrase: notEmpty(KANIT_KEY_PASSPHRASE) };
}

/** The same variables again, for a command that signs. */
function signingVariables({ key, passphrase }: SigningEnvironment): Readonly<Record<string, string>> {
  return {
    ...(key === null ? {} : { KANIT_SIGNING_KEY: key }),
    ...(passphrase === null ? {} : { KANIT_KEY_PASSPHRASE: passphrase }),
  };
}

function notEmpty(value: string | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}

function given(environment: NodeJS.ProcessEnv, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
