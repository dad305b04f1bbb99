import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type FakeKubeApi, startFakeKubeApi } from "../support/fake-kube-api.js";
import { deploymentOf, podOf, serviceOf, to, virtualServiceOf } from "../support/kube-objects.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

const servers: FakeKubeApi[] = [];
let server: ConfiguredServer;

/** A cluster whose `reviews` has as many ready as given. */
async function clusterWith(ready: number): Promise<{ readonly api: FakeKubeApi; readonly kubeconfig: string }> {
  const api = await startFakeKubeApi();
  servers.push(api);
  api.put(serviceOf("reviews"));
  api.put(deploymentOf("reviews", "v1", { replicas: 1, ready }));
  if (ready > 0) api.put(podOf("reviews", "v1"));
  api.put(virtualServiceOf("reviews", [{ route: to("reviews", { v1: 100 }) }]));
  const kubeconfig = join(mkdtempSync(join(tmpdir(), "meshlens-kube-")), "kubeconfig");
  const config = {
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: api.url } }],
    users: [{ name: "u", user: { token: "s3cret-token" } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  return { api, kubeconfig };
}

let east: Awaited<ReturnType<typeof clusterWith>>;
beforeAll(async () => {
  east = await clusterWith(1);
  const west = await clusterWith(0);
  const folder = mkdtempSync(join(tmpdir(), "meshlens-store-"));
  server = await startConfigured(`sources:
  - { name: kube-east, kind: kubernetes, cluster: east, kubeconfig: ${east.kubeconfig} }
  - { name: kube-west, kind: kubernetes, cluster: west, kubeconfig: ${west.kubeconfig} }
store: { url: "file:${join(folder, "meshlens.db")}" }
`);
});
afterAll(async () => {
  await server.stop("the test is over");
  await Promise.all(servers.map((one) => one.close()));
});

interface Page {
  readonly health: unknown;
  readonly changes: { readonly nodes: readonly { readonly summary: string }[] };
}

async function ask(query: string) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${server.url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
  return ((await answer.json()) as { readonly data: { readonly service: Page } }).data;
}

const page = (cluster: string) => `{
  service(ref: { cluster: "${cluster}", namespace: "bookinfo", name: "reviews" }) {
    health { state reasons sources { name state } }
    changes { nodes { kind summary } sources { name state } }
  }
}`;

test("each cluster's health is its own, and a change is in the service's changes as it happens", async () => {
  expect((await ask(page("east"))).service.health).toEqual({
    state: "HEALTHY",
    reasons: [],
    sources: [{ name: "kube-east", state: "OK" }],
  });
  expect((await ask(page("west"))).service.health).toMatchObject({
    state: "DOWN",
    reasons: ["reviews-v1: 0 of 1 instance ready"],
  });
  east.api.put(virtualServiceOf("reviews", [{ route: to("reviews", { v2: 100 }) }]));
  const isTold = async () => {
    const { nodes } = (await ask(page("east"))).service.changes;
    return nodes.some(({ summary }) => summary === "reviews: v2 100 % (was v1 100 %)");
  };
  // "Now" is floored to 15 s: until then the change lies ahead of the range.
  await waitUntil("the change", isTold, { limitMs: 60_000 });
});

test("readiness tells of each source, and nobody tells the token", async () => {
  let ready = "";
  const isRead = async () => {
    ready = await (await fetch(`${server.url}/readyz`)).text();
    return !ready.includes("TIMEOUT");
  };
  await waitUntil("a probe in time", isRead, { limitMs: 60_000 });
  expect(JSON.parse(ready).sources).toMatchObject([
    { name: "kube-east", kind: "kubernetes", cluster: "east", state: "OK", version: "v1.34.2-fake" },
    { name: "kube-west", state: "OK" },
  ]);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/source="kube-east",operation="watch"/);
  expect(ready + metrics + server.logLines.join("")).not.toContain("s3cret");
});
