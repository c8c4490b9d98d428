import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request that changes something. */
interface ReceivedChange {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

/** A server on loopback in place of a cloud's API, to which the cloud's real program talks. */
export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  readonly changes: readonly ReceivedChange[];
}

async function startApi(
  answerTo: (path: string) => { readonly type: string; readonly body: string },
): Promise<FakeApi> {
  const changes: ReceivedChange[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const path = (request.url ?? "").replace(/\?.*/, "");
      if (request.method !== "GET")
        changes.push({ path, contentType: request.headers["content-type"] ?? "", body });
      const answer = answerTo(path);
      response.writeHead(200, { "content-type": answer.type }).end(answer.body);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    changes,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const KINDS: Readonly<
  Record<string, { readonly version: string; readonly plural: string; readonly kind: string }>
> = {
  "argoproj.io": { version: "v1alpha1", plural: "rollouts", kind: "Rollout" },
  "networking.istio.io": { version: "v1", plural: "virtualservices", kind: "VirtualService" },
};

/** The part of Kubernetes' API that `kubectl patch` asks. */
export function startKubernetes(): Promise<FakeApi> {
  return startApi((path) => ({ type: "application/json", body: JSON.stringify(kubernetesAnswer(path)) }));
}

function kubernetesAnswer(path: string): unknown {
  const [, , group = "", version, , namespace, plural, name] = path.split("/");
  if (path === "/version") return { major: "1", minor: "32", gitVersion: "v1.32.4" };
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"] };
  if (path === "/apis") {
    const groups = Object.entries(KINDS).map(([each, { version: only }]) => {
      const preferredVersion = { groupVersion: `${each}/${only}`, version: only };
      return { name: each, versions: [preferredVersion], preferredVersion };
    });
    return { kind: "APIGroupList", apiVersion: "v1", groups };
  }
  const known = KINDS[group];
  const groupVersion = `${group}/${version}`;
  if (plural === undefined) {
    const verbs = ["get", "patch"];
    const resources =
      known === undefined ? [] : [{ name: known.plural, kind: known.kind, namespaced: true, verbs }];
    return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
  }
  return { kind: known?.kind, apiVersion: groupVersion, metadata: { name, namespace }, spec: {} };
}

/** The part of AWS's API for load balancers that `aws elbv2 modify-rule` asks. */
export function startAws(): Promise<FakeApi> {
  const body =
    '<ModifyRuleResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><ModifyRuleResult><Rules/></ModifyRuleResult></ModifyRuleResponse>';
  return startApi(() => ({ type: "text/xml", body }));
}
