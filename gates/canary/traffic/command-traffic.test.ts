import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMAND_TEMPLATES, wordsOf } from "./command-templates.ts";
import { commandTraffic, templateTraffic } from "./command-traffic.ts";
import { runLine } from "./run-line.ts";
import { startAws, startKubernetes } from "./testing/fake-apis.ts";
import type { TrafficSplit } from "./traffic-split.ts";

const NEVER = new AbortController().signal;
const has = (program: string, ...args: readonly string[]) =>
  spawnSync("/bin/sh", ["-c", `${program} ${args.join(" ")}`]).status === 0;

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-traffic-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const command = (line: string): TrafficSplit => commandTraffic({ line, takesFractions: true, directory });

describe("the traffic split by a command", () => {
  it("has the percentages of both arms, and runs in the folder of the release file", async () => {
    await command("echo {share} {stable} > share.txt").setShare(0.5, NEVER);
    expect(await readFile(join(directory, "share.txt"), "utf8")).toBe("0.5 99.5\n");
  });

  it("is not done when the command fails: what it said is in the error, with the command to try", async () => {
    const failure = command("echo no such route >&2; exit 3 # {share}").setShare(5, NEVER);
    await expect(failure).rejects.toMatchObject({
      code: "split-command-failed",
      message: expect.stringContaining("exit code 3: no such route"),
      nextStep: expect.stringContaining("# 5"),
    });
  });

  it("ends the command with all that it started, when it is interrupted", async () => {
    const abort = new AbortController();
    const setting = command("sleep 600 & echo $! > sleeping.txt; wait; : {share}").setShare(5, abort.signal);
    const sleeping = async () =>
      Number(await readFile(join(directory, "sleeping.txt"), "utf8").catch(() => ""));
    await expect.poll(sleeping, { timeout: 10_000 }).toBeGreaterThan(0);
    const pid = await sleeping();
    abort.abort(new Error("interrupted"));
    await expect(setting).rejects.toThrow("interrupted");
    // A zombie, until its new parent has seen its end, is no longer running.
    const state = () =>
      spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
    await expect.poll(state, { timeout: 10_000 }).toMatch(/^Z?$/);
  });

  it.each([-1, 101, Number.NaN])("refuses %d %%", async (share) => {
    await expect(command("true {share}").setShare(share, NEVER)).rejects.toMatchObject({
      code: "share-not-possible",
    });
  });
});

describe("a ready command", () => {
  const values = { rollout: "spark", namespace: "prod" };

  it("needs exactly the values of its words", () => {
    expect(() => templateTraffic({ template: "argo", values }, directory)).toThrow(/argo-rollouts/);
    const template = "argo-rollouts";
    expect(() => templateTraffic({ template, values: { rollout: "spark" } }, directory)).toThrow(/namespace/);
    expect(() => templateTraffic({ template, values: { ...values, more: "x" } }, directory)).toThrow(/more/);
    expect(templateTraffic({ template, values }, directory).describe(25)).toContain('"setWeight":25');
  });

  it("refuses a fraction where its balancer takes whole numbers", () => {
    const traffic = templateTraffic({ template: "argo-rollouts", values }, directory);
    expect(() => traffic.describe(0.5)).toThrow(/whole percentage/);
  });

  it("is documented with each of its words", async () => {
    const page = await readFile(new URL("../../../docs/canary-traffic.md", import.meta.url), "utf8");
    for (const { name, line } of COMMAND_TEMPLATES) {
      expect(page).toContain(`template: ${name}`);
      for (const word of wordsOf(line)) expect(page).toContain(`${word}:`);
    }
  });
});

describe.skipIf(!has("kubectl", "version", "--client"))("with kubectl (skipped where it is missing)", () => {
  async function patchOf(template: string, values: Readonly<Record<string, string>>) {
    await using kubernetes = await startKubernetes();
    const configuration = {
      ...{ apiVersion: "v1", kind: "Config", "current-context": "test" },
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [{ name: "test", cluster: { server: kubernetes.url } }],
      users: [{ name: "test", user: {} }],
    };
    await writeFile(join(directory, "kubeconfig"), JSON.stringify(configuration));
    const line = templateTraffic({ template, values }, directory).describe(25);
    const where = "export KUBECONFIG=$PWD/kubeconfig HOME=$PWD";
    const ended = await runLine(`${where}; ${line}`, directory, NEVER);
    expect(ended).toMatchObject({ isSuccess: true, said: expect.stringContaining("patched") });
    const [change] = kubernetes.changes;
    return { ...change, body: JSON.parse(change?.body ?? "null") };
  }

  it("sets the weight of a Rollout, and waits there", async () => {
    expect(await patchOf("argo-rollouts", { rollout: "spark", namespace: "prod" })).toEqual({
      path: "/apis/argoproj.io/v1alpha1/namespaces/prod/rollouts/spark",
      contentType: "application/merge-patch+json",
      body: { spec: { strategy: { canary: { steps: [{ setWeight: 25 }, { pause: {} }] } } } },
    });
  });

  it("sets the weights of a VirtualService, if its destinations are the arms", async () => {
    const values = {
      ...{ virtualService: "spark", namespace: "prod" },
      ...{ stableSubset: "stable", candidateSubset: "canary" },
    };
    const route = "/spec/http/0/route";
    expect(await patchOf("istio", values)).toEqual({
      path: "/apis/networking.istio.io/v1/namespaces/prod/virtualservices/spark",
      contentType: "application/json-patch+json",
      body: [
        { op: "test", path: `${route}/0/destination/subset`, value: "stable" },
        { op: "test", path: `${route}/1/destination/subset`, value: "canary" },
        { op: "replace", path: `${route}/0/weight`, value: 75 },
        { op: "replace", path: `${route}/1/weight`, value: 25 },
      ],
    });
  });
});

describe.skipIf(!has("aws", "--version"))("with AWS's program (skipped where it is missing)", () => {
  it("sets the weights of the target groups of a rule", async () => {
    await using aws = await startAws();
    const arn = "arn:aws:elasticloadbalancing:eu-west-1:1";
    const values = {
      rule: `${arn}:listener-rule/app/spark/1/2/3`,
      stableGroup: `${arn}:targetgroup/stable/1`,
      candidateGroup: `${arn}:targetgroup/candidate/2`,
    };
    const line = templateTraffic({ template: "aws-load-balancer", values }, directory).describe(25);
    const where = `export AWS_ENDPOINT_URL=${aws.url} AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION=eu-west-1 AWS_EC2_METADATA_DISABLED=true`;
    expect(await runLine(`${where}; ${line}`, directory, NEVER)).toMatchObject({ isSuccess: true });
    const sent = new URLSearchParams(aws.changes[0]?.body ?? "");
    const groups = "Actions.member.1.ForwardConfig.TargetGroups.member";
    expect(Object.fromEntries(sent)).toMatchObject({
      Action: "ModifyRule",
      RuleArn: values.rule,
      [`${groups}.1.TargetGroupArn`]: values.stableGroup,
      [`${groups}.1.Weight`]: "75",
      [`${groups}.2.TargetGroupArn`]: values.candidateGroup,
      [`${groups}.2.Weight`]: "25",
    });
  });
});

const NGINX_PATH = "PATH=$PATH:/usr/sbin:/usr/local/sbin";

describe.skipIf(!has(`${NGINX_PATH} nginx`, "-v"))("with nginx (skipped where it is missing)", () => {
  it("splits requests one by one, and none or all go to the candidate at 0 and 100 %", async () => {
    const configuration = join(directory, "nginx.conf");
    const file = join(directory, "split.conf");
    const front = join(directory, "front.sock");
    const arm = (name: string) =>
      `server { listen unix:${directory}/${name}.sock; access_log off; return 200 ${name}; }`;
    await writeFile(file, 'split_clients "$request_id" $kanit_arm { * stable; }\n');
    await writeFile(
      configuration,
      [
        // Its workers would otherwise be another user, who may not enter this folder.
        process.getuid?.() === 0 ? "user root;" : "",
        `daemon off; pid ${directory}/nginx.pid; error_log ${directory}/nginx.log;`,
        "worker_processes 1; events {}",
        `http { include ${file}; access_log off;`,
        ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
          (each) => `${each}_temp_path ${directory}/temp;`,
        ),
        `upstream stable { server unix:${directory}/stable.sock; } upstream candidate { server unix:${directory}/candidate.sock; }`,
        `${arm("stable")} ${arm("candidate")}`,
        `server { listen unix:${front}; location / { proxy_pass http://$kanit_arm; } } }`,
        "",
      ].join("\n"),
    );
    const nginx = spawn("/bin/sh", ["-c", `${NGINX_PATH}; exec nginx -c ${configuration}`]);
    const ended = once(nginx, "exit");
    try {
      await expect.poll(() => armOf(front), { timeout: 10_000 }).toBe("stable");
      const values = { configuration, file, stableUpstream: "stable", candidateUpstream: "candidate" };
      const traffic = templateTraffic({ template: "nginx", values }, directory);
      const set = async (share: number) => {
        const line = `export ${NGINX_PATH}; ${traffic.describe(share)}`;
        expect(await runLine(line, directory, NEVER)).toMatchObject({ isSuccess: true });
      };
      await set(100);
      await expect.poll(() => armsOf(front, 40), { timeout: 10_000 }).toEqual(new Set(["candidate"]));
      await set(50);
      await expect
        .poll(() => armsOf(front, 40), { timeout: 10_000 })
        .toEqual(new Set(["candidate", "stable"]));
      await set(0);
      await expect.poll(() => armsOf(front, 40), { timeout: 10_000 }).toEqual(new Set(["stable"]));
    } finally {
      nginx.kill();
      await ended;
    }
  });
});

async function armOf(socketPath: string): Promise<string> {
  const request = http.get({ socketPath, path: "/", agent: false });
  try {
    const [answer] = (await once(request, "response")) as [http.IncomingMessage];
    let body = "";
    for await (const part of answer) body += part;
    return body;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function armsOf(socketPath: string, count: number): Promise<ReadonlySet<string>> {
  const arms = new Set<string>();
  for (let sent = 0; sent < count; sent++) arms.add(await armOf(socketPath));
  return arms;
}
