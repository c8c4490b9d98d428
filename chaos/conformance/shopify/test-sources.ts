/** A package of Shopify's tests, as it is compiled to run against kanit's proxy. */
export interface TestPackage {
  readonly name: string;
  /** Its folder in Shopify's module. */
  readonly folder: string;
  /** Its files, with how many functions and variables in them start a server within the test. */
  readonly files: Readonly<Record<string, number>>;
  /** Our files beside them, which have those functions in their place. */
  readonly own: readonly string[];
}

/** The tests that reach the proxy over the wire. */
export const TEST_PACKAGES: readonly TestPackage[] = [
  {
    name: "api",
    folder: ".",
    files: { "api_test.go": 2, "proxy_test.go": 0, "toxiproxy_test.go": 1 },
    own: ["kanit_main_test.go", "kanit_api_test.go"],
  },
  {
    name: "toxics",
    folder: "toxics",
    files: {
      "toxic_test.go": 1,
      "latency_test.go": 0,
      "bandwidth_test.go": 0,
      "reset_peer_test.go": 0,
      "timeout_test.go": 0,
    },
    own: ["kanit_main_test.go"],
  },
];

/** Tests that use data structures of Shopify's program, which are not there over the wire, with the reason. */
export const WITHIN_GO: Readonly<Record<string, string>> = {
  TestProxyDiffers: "compares two structures in memory",
  TestToxicStub_WriteOutput: "writes to a channel of a toxic's stub",
  "link_test.go": "builds links of stubs and channels",
  "limit_data_test.go": "pushes chunks through a toxic's stub",
  "slicer_test.go": "pushes chunks through a toxic's stub",
  "proxy_collection_test.go": "uses the map of proxies in memory",
  "metrics_test.go": "reads the metrics of a server within the test",
};

const SHOPIFYS_PACKAGE = '"github.com/Shopify/toxiproxy/v2"';
const OUR_PACKAGE = 'toxiproxy "github.com/Shopify/toxiproxy/v2/kanit"';
const SERVER = /^var testServer .*\n|^func (?:WithServer|NewTestProxy)\([\s\S]*?^}\n/gm;

/**
 * Shopify's file for kanit's proxy: our files have the functions that start a server, and a proxy is one of ours.
 *
 * @throws Error when the file is not as expected, so that the tests would run against another server.
 */
export function adaptedSource(name: string, source: string, serverParts: number): string {
  const found = source.match(SERVER)?.length ?? 0;
  if (found !== serverParts)
    throw new Error(`expected ${serverParts} parts of a server in ${name}, found ${found}`);
  const withinGo = Object.keys(WITHIN_GO).join("|");
  return withoutUnusedImports(
    source
      .replaceAll(SERVER, "")
      .replaceAll(new RegExp(`^func (?:${withinGo})\\([\\s\\S]*?^}\\n`, "gm"), "")
      .replace(SHOPIFYS_PACKAGE, OUR_PACKAGE),
  );
}

/** The names of the tests in a file. */
export function testsIn(source: string): readonly string[] {
  return [...source.matchAll(/^func (Test\w+)\(t /gm)].map(([, name = ""]) => name);
}

/** Go refuses imports that are not used. */
function withoutUnusedImports(source: string): string {
  const body = source.slice(source.indexOf(")\n"));
  return source.replace(/^\t(?:(\w+) )?"([^"]+)"\n/gm, (line, alias: string | undefined, path: string) => {
    const name =
      alias ??
      path
        .replace(/\/v\d+$|\.v\d+$/, "")
        .split("/")
        .at(-1) ??
      "";
    return new RegExp(`\\b${name}\\.`).test(body) ? line : "";
  });
}
