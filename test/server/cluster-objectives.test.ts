import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type FakeKubeApi, startFakeKubeApi } from "../support/fake-kube-api.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

let api: FakeKubeApi;
let server: ConfiguredServer;

const query = (code: string) => `sum(rate(http_total{service="cart"${code}}[{{.window}}]))`;
const sloth = (objective: unknown, name = "cart") => ({
  apiVersion: "sloth.slok.dev/v1",
  kind: "PrometheusServiceLevel",
  metadata: { name, namespace: "shop", uid: "1", managedFields: [{ manager: "helm" }] },
  spec: {
    service: name,
    slos: [
      {
        name: "availability",
        objective,
        sli: { events: { errorQuery: query(',code=~"5.."'), totalQuery: query("") } },
        alerting: { name: "CartBurns", pageAlert: {}, ticketAlert: {} },
      },
    ],
  },
});
const pyrra = {
  apiVersion: "pyrra.dev/v1alpha1",
  kind: "ServiceLevelObjective",
  metadata: { name: "front-latency", namespace: "shop" },
  spec: {
    target: "99",
    window: "2w",
    indicator: { ratio: { errors: { metric: 'http_total{code=~"5.."}' }, total: { metric: "http_total" } } },
  },
};
const openSlo = {
  apiVersion: "openslo.com/v1",
  kind: "SLO",
  metadata: { name: "pay", namespace: "bank" },
  spec: {
    service: "pay",
    indicatorRef: "pay-sli",
    timeWindow: [{ duration: "28d", isRolling: true }],
    budgetingMethod: "Occurrences",
    objectives: [{ target: "0.99" }],
  },
};
const openSli = (good: string) => ({
  apiVersion: "openslo.com/v1",
  kind: "SLI",
  metadata: { name: "pay-sli", namespace: "bank" },
  spec: {
    ratioMetric: {
      counter: true,
      good: { metricSource: { type: "Prometheus", spec: { query: good } } },
      total: { metricSource: { type: "Prometheus", spec: { query: "pay_total" } } },
    },
  },
});
const goodSli = openSli('pay_total{code!~"5.."}');

beforeAll(async () => {
  api = await startFakeKubeApi();
  for (const object of [sloth(99.9), pyrra, openSlo, goodSli]) api.put(object);
  const folder = mkdtempSync(join(tmpdir(), "meshlens-objects-"));
  const kubeconfig = join(folder, "kubeconfig");
  const config = {
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: api.url } }],
    users: [{ name: "u", user: { token: "s3cret-token" } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  server = await startConfigured(`sources:
  - { name: kube, kind: kubernetes, kubeconfig: ${kubeconfig}, objectives: true }
alerting: { interval: 1s }
store: { url: "file::memory:" }
`);
});
afterAll(async () => {
  await server.stop("the test is over");
  await api.close();
});

type Slo = { readonly name: string; readonly target: number; readonly origin: { kind: string; file: string } };

async function slos(): Promise<readonly string[]> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({
    query: "{ slos { nodes { name target service { ref { namespace name } } origin { kind file } } } }",
  });
  const answer = await fetch(`${server.url}/graphql`, { method: "POST", headers, body });
  const { data } = (await answer.json()) as { data: { slos: { nodes: readonly Slo[] } } };
  return data.slos.nodes.map(({ name, target, origin }) => `${origin.file} ${name} ${target}`).toSorted();
}

async function problems(): Promise<readonly string[]> {
  const { alerting } = (await (await fetch(`${server.url}/readyz`)).json()) as { alerting: { problems?: string[] } };
  return alerting.problems ?? [];
}

/** What is in force, once it is that. */
async function inForce(...expected: readonly string[]): Promise<void> {
  let last: readonly string[] = [];
  await waitUntil(`objectives to be ${expected.join(", ")}`, async () => {
    last = await slos();
    return last.join() === expected.join();
  }).catch((error: unknown) => {
    expect(last).toEqual(expected);
    throw error;
  });
}

const cart = "PrometheusServiceLevel/shop/cart availability 0.999";
const pay = "SLO/bank/pay pay 0.99";
const front = "ServiceLevelObjective/shop/front-latency front-latency 0.99";

test("objectives are read from objects of Sloth, Pyrra and OpenSLO, and nothing is wrong with them", async () => {
  await inForce(cart, pay, front);
  expect((await problems()).filter((one) => one.includes("error"))).toEqual([]);
});

test("a broken object is told by kind, namespace and name, and its last good form stays in force", async () => {
  api.put(sloth(142));
  await waitUntil("it is told", async () =>
    (await problems()).some((one) => one.startsWith("kube: PrometheusServiceLevel/shop/cart: error SLO_TARGET")),
  );
  await inForce(cart, pay, front);
  expect(server.logLines.join("")).toContain("PrometheusServiceLevel/shop/cart: error SLO_TARGET");
  api.put(sloth(99.5));
  await inForce("PrometheusServiceLevel/shop/cart availability 0.995", pay, front);
  expect((await problems()).filter((one) => one.includes("error"))).toEqual([]);
});

test("an object that was never good gives no half of an objective", async () => {
  api.put(sloth(142, "basket"));
  await waitUntil("it is told", async () => (await problems()).some((one) => one.includes("/basket: error")));
  await inForce("PrometheusServiceLevel/shop/cart availability 0.995", pay, front);
  api.remove(sloth(142, "basket"));
  await waitUntil("it is forgotten", async () => !(await problems()).some((one) => one.includes("/basket")));
});

test("an object that breaks what refers to it is taken back to its last good form too", async () => {
  api.put(openSli("sum(rate((("));
  await waitUntil("it is told", async () =>
    (await problems()).some((one) => /SLI\/bank\/pay-sli: error SLO_QUERY/.test(one)),
  );
  await inForce("PrometheusServiceLevel/shop/cart availability 0.995", pay, front);
  api.put(goodSli);
});

test("an object that goes takes its objective with it; one that may not be read any more does not", async () => {
  api.remove(pyrra);
  await inForce("PrometheusServiceLevel/shop/cart availability 0.995", pay);
  api.forbidden.add("slos.openslo.com");
  api.forget();
  api.endWatches();
  await waitUntil("it is told", async () =>
    (await problems()).some((one) => one.includes("slos.openslo.com may not be read")),
  );
  await inForce("PrometheusServiceLevel/shop/cart availability 0.995", pay);
});
