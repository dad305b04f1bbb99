import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { keepChanges } from "../../src/server/keep-changes.js";
import { createLogger } from "../../src/server/logger.js";
import { openStore } from "../../src/store/open-store.js";
import { type FakeKubeApi, startFakeKubeApi } from "../support/fake-kube-api.js";
import {
  deploymentOf,
  type Json,
  kubeNowMs,
  kubeObjectOf,
  replicaSetOf,
  serviceOf,
  to,
  virtualServiceOf,
} from "../support/kube-objects.js";
import { createSetClock, kubernetesSourceOf, type SetClock, soon } from "../support/kubernetes-source.js";
import { waitUntil } from "../support/wait-until.js";

let folder = "";
let server: FakeKubeApi;
let clock: SetClock;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-changes-"));
  server = await startFakeKubeApi();
  clock = createSetClock();
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const route = (version: string) => virtualServiceOf("reviews", [{ route: to("reviews", { [version]: 100 }) }]);
const rule = kubeObjectOf("networking.istio.io/v1", "DestinationRule", "reviews", { spec: { host: "reviews" } });
const names = [{ namespace: "bookinfo", name: "reviews" }];

/** One life of a server: its source, its store, and what it logged. */
async function live<T>(during: (told: () => Promise<readonly string[]>) => Promise<T>): Promise<T> {
  const log: string[] = [];
  const logger = createLogger({ level: "info", secrets: [] }, { write: (line) => void log.push(line) });
  const store = await openStore({ url: `file:${join(folder, "meshlens.db")}` });
  const source = kubernetesSourceOf(server.url, clock);
  const kept = keepChanges({ store: store.changes, sources: [source], logger });
  const told = async () => {
    const window = { fromMs: kubeNowMs - 3_600_000, toMs: clock.nowMs() };
    const { value } = await source.changes(names, window, soon(clock));
    return value.map(({ kind, summary }) => `${kind}: ${summary}`);
  };
  try {
    return await during(told);
  } finally {
    await kept.stop();
    await source.close();
    await store.close();
    expect(log).toEqual([]);
  }
}

const later = (ms: number) => {
  clock.atMs += ms;
};

test("the story survives a restart: deleted objects are in it, and what changed meanwhile is told against the version before", async () => {
  for (const object of [serviceOf("reviews"), deploymentOf("reviews", "v1"), route("v1"), rule]) server.put(object);
  const first = await live(async (told) => {
    await told();
    later(60_000);
    server.remove(rule);
    await waitUntil("the deletion", async () => (await told()).length > 0);
    later(60_000);
    server.put(route("v2"));
    await waitUntil("the change", async () => (await told()).length > 1);
    return told();
  });
  expect(first).toEqual([
    "VirtualService: reviews: v2 100 % (was v1 100 %)",
    expect.stringMatching(/^DestinationRule: deleted/),
  ]);

  expect(await live((told) => told())).toEqual(first);

  server.put(route("v3"));
  server.remove(deploymentOf("reviews", "v1"));
  later(60_000);
  const afterwards = await live((told) => told());
  expect(afterwards.slice(2)).toEqual(first);
  expect([...afterwards.slice(0, 2)].sort()).toEqual([
    expect.stringMatching(/^Deployment: deleted/),
    "VirtualService: reviews: v3 100 % (was v2 100 %)",
  ]);
});

test("a rollout that was watched is not told again from its revisions after a restart", async () => {
  const image = (tag: string) => ({ container: { image: `reviews:${tag}` } });
  const revision = (nth: number, tag: string, creationTimestamp: string): Json =>
    replicaSetOf(
      "reviews",
      "v1",
      `hash${nth}`,
      {
        spec: {
          template: {
            metadata: { labels: { app: "reviews", version: "v1" } },
            spec: { containers: [{ name: "reviews", image: `reviews:${tag}` }] },
          },
        },
      },
      { creationTimestamp, annotations: { "deployment.kubernetes.io/revision": String(nth) } },
    );
  const instant = () => new Date(clock.nowMs()).toISOString();
  server.put(serviceOf("reviews"));
  server.put(deploymentOf("reviews", "v1", image("a")));
  server.put(revision(1, "a", "2026-11-01T00:00:00Z"));
  await live(async (told) => {
    await told();
    later(60_000);
    server.put(deploymentOf("reviews", "v1", image("b")));
    server.put(revision(2, "b", instant()));
    await waitUntil("the rollout", async () => (await told()).length > 0);
  });
  later(60_000);
  expect(await live((told) => told())).toEqual(["Deployment: image b (was a)"]);
});

test("objects of namespaces that are read no longer are not taken from the store", async () => {
  server.put(serviceOf("reviews"));
  const store = await openStore({ url: `file:${join(folder, "meshlens.db")}` });
  const logger = createLogger({ level: "info", secrets: [] }, { write: () => {} });
  const services = async (namespaces: readonly string[] | null) => {
    const source = kubernetesSourceOf(server.url, clock, { namespaces });
    const kept = keepChanges({ store: store.changes, sources: [source], logger });
    const { value } = await source.services(soon(clock));
    await kept.stop();
    await source.close();
    return value;
  };
  expect(await services(null)).toEqual(names);
  expect(await services(["shop"])).toEqual([]);
  await store.close();
});

test("values of the environment are in no file of the store", async () => {
  const secret = "pa55word-of-the-database";
  const env = [{ name: "PASSWORD", value: secret }];
  server.put(serviceOf("reviews"));
  server.put(deploymentOf("reviews", "v1", { container: { env } }));
  await live(async (told) => {
    await told();
    server.put(deploymentOf("reviews", "v1", { container: { env: [{ name: "PASSWORD", value: `${secret}2` }] } }));
    await waitUntil("the change", async () => (await told()).includes("Deployment: environment: PASSWORD changed"));
  });
  const store = await openStore({ url: `file:${join(folder, "meshlens.db")}` });
  const stored = JSON.stringify(await store.changes.load("kube", 100));
  await store.close();
  expect(stored).toContain('{"name":"PASSWORD","value":"?"}');
  expect(stored).not.toContain(secret);
  // What it was is not known after a restart, and nothing is told of it then.
  expect(await live((told) => told())).toEqual(["Deployment: environment: PASSWORD changed"]);
});

test("a store that fails costs no answer: it is told once, and written later", async () => {
  const log: string[] = [];
  const logger = createLogger({ level: "info", secrets: [] }, { write: (line) => void log.push(line) });
  const store = await openStore({ url: ":memory:" });
  let isBroken = true;
  const failing: typeof store.changes = {
    ...store.changes,
    load: (source, newest) => (isBroken ? Promise.reject(new Error("disk")) : store.changes.load(source, newest)),
    save: (source, batch) => (isBroken ? Promise.reject(new Error("disk")) : store.changes.save(source, batch)),
  };
  server.put(serviceOf("reviews"));
  server.put(route("v1"));
  const source = kubernetesSourceOf(server.url, clock);
  const kept = keepChanges({ store: failing, sources: [source], logger });
  expect((await source.services(soon(clock))).value).toHaveLength(1);
  await waitUntil("two lines", () => log.length === 2);
  isBroken = false;
  await kept.stop();
  await source.close();
  expect(log.map((line) => JSON.parse(line).msg)).toEqual([
    "earlier changes could not be read; the story begins anew",
    "changes could not be stored; it is tried again",
  ]);
  expect((await store.changes.load("kube", 10)).objects.map(({ key }) => key).sort()).toEqual([
    "/Service bookinfo/reviews",
    "networking.istio.io/VirtualService bookinfo/reviews",
  ]);
  await store.close();
});
