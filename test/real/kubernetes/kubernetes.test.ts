import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { loadConfig } from "../../../src/config/load-config.js";
import { createHttpClient } from "../../../src/http/create-http-client.js";
import { createKubernetesSource, type KubernetesSource } from "../../../src/sources/kubernetes/kubernetes-source.js";
import { objectiveKinds } from "../../../src/sources/kubernetes/objective-kinds.js";
import { readKinds, resourceName } from "../../../src/sources/kubernetes/read-kinds.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import type { WorkloadSource } from "../../../src/telemetry/workload-source.js";
import { describeWorkloadSource } from "../../contract/workload-source.contract.js";
import { type Json, kubeObjectOf, serviceOf, to, virtualServiceOf } from "../../support/kube-objects.js";
import { type KubeRecording, kubeRecordingFile, recordedPageObjects } from "../../support/kube-recording.js";
import { type KubeTimeOptions, type KubeTimeProxy, startKubeTimeProxy } from "../../support/kube-time-proxy.js";
import { createSetClock, hurry, kubernetesSourceOf, soon } from "../../support/kubernetes-source.js";
import { repositoryRoot } from "../../support/repository-root.js";
import { writeConfig } from "../../support/start-configured.js";
import { type StoryTeller, tellStory } from "../../support/tell-story.js";
import { waitUntil } from "../../support/wait-until.js";
import { cacheFolder, createInstallCache } from "../backends/install-cache.js";
import { installKubernetes, type KubernetesCluster, startKubernetes } from "../backends/kubernetes.js";
import { installMeshKinds } from "./install-mesh-kinds.js";
import { forRealServer, namespaceOf } from "./story-objects.js";

let folder = "";
let cluster: KubernetesCluster;
const proxies: KubeTimeProxy[] = [];
/** Nothing is missing. */
const allKinds = new RegExp(`^\\d+ objects of ${readKinds.length} kinds, \\d+ changes?$`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-kubernetes-"));
  const cache = createInstallCache(cacheFolder(process.env), new AbortController().signal, () => {});
  cluster = await startKubernetes(await installKubernetes(cache), folder);
  for (const name of ["bookinfo", "shop", "meshlens"]) await cluster.admin.put(namespaceOf(name));
  await installMeshKinds(cluster.admin);
}, 240_000);
afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.refuse()));
  await cluster.stop();
  await rm(folder, { recursive: true });
});

async function proxyTo(options: KubeTimeOptions): Promise<KubeTimeProxy> {
  const { url, ca, tokens } = cluster;
  const proxy = await startKubeTimeProxy({ url, ca, token: tokens.admin }, options);
  proxies.push(proxy);
  return proxy;
}

describeWorkloadSource("a real API server", async (events) => {
  const clock = createSetClock();
  const into: KubeRecording = { answers: {}, lines: [] };
  let step = 0;
  const proxy = await proxyTo({ record: { into, step: () => step } });
  // The server has a Service and namespaces of its own, which are not of the story.
  const config = { namespaces: ["bookinfo", "shop"] };
  const source = kubernetesSourceOf(proxy.url, clock, config, { pageObjects: recordedPageObjects });
  const teller: StoryTeller = {
    put(object, isFirst) {
      if (!isFirst) step += 1;
      return cluster.admin.put(forRealServer(object));
    },
    remove(object) {
      step += 1;
      return cluster.admin.remove(object);
    },
  };
  await tellStory(teller, source, clock, events);
  if (process.env["RECORD_KUBERNETES"] === "1") {
    await source.probe(soon(clock));
    await mkdir(dirname(kubeRecordingFile), { recursive: true });
    await writeFile(kubeRecordingFile, `${JSON.stringify(into, null, 1)}\n`);
  }
  return source;
});

/** As the product makes it, of a kubeconfig. */
function sourceOf(user: "admin" | "reader" | "certified", timings = {}): KubernetesSource {
  const file = writeConfig(
    `sources: [{ name: kube, kind: kubernetes, kubeconfig: ${JSON.stringify(cluster.kubeconfig(user))} }]\n`,
  );
  const connection = loadConfig(file, {}).connections.get("kube");
  if (connection === undefined) throw new Error("no connection");
  return createKubernetesSource({
    config: {
      ...{ name: "kube", cluster: null, isShard: false, namespaces: null, tokenFile: null, unusable: null },
      ...{ maxAgeMs: 3_600_000, maxChanges: 1_000, hasObjectives: true },
    },
    http: createHttpClient(connection, { clock: systemClock }),
    clock: systemClock,
    timings: { ...hurry, ...timings },
  });
}

const opened: WorkloadSource[] = [];
afterEach(() => Promise.all(opened.splice(0).map((source) => source.close())).then(() => undefined));
const open = (source: WorkloadSource) => {
  opened.push(source);
  return source;
};

const shopRoute = (version: string) =>
  forRealServer({
    ...virtualServiceOf("cart", [{ route: to("cart", { [version]: 100 }) }]),
    metadata: { name: "cart", namespace: "shop" },
  });
const cart = { namespace: "shop", name: "cart" };

async function summaries(source: WorkloadSource): Promise<readonly string[]> {
  const nowMs = Date.now();
  const window = { fromMs: nowMs - 3_600_000, toMs: nowMs + 60_000 };
  const { value } = await source.changes([cart], window, soon(systemClock));
  return value.map(({ summary, detail }) => `${summary}${detail === null ? "" : ` (${detail})`}`);
}

describe("a real API server, followed", () => {
  test("is probed: its version, its meshes, what is held", async () => {
    const { version, capabilities, found } = await open(sourceOf("admin")).probe(soon(systemClock));
    expect(version).toBe("v1.34.2");
    expect(capabilities).toEqual(["istio", "linkerd", "gateway-api"]);
    expect(found).toMatch(allKinds);
  });

  test("takes a client certificate for a credential, and nobody without one", async () => {
    expect((await open(sourceOf("certified")).probe(soon(systemClock))).found).toMatch(allKinds);
    const stranger = createHttpClient(
      { name: "kube", url: cluster.url, tls: { ca: cluster.ca } },
      { clock: systemClock },
    );
    await expect(
      stranger.request({ method: "GET", path: "/api/v1/pods", operation: "list" }, soon(systemClock)),
    ).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_UNAUTHORIZED" });
    await stranger.close();
  });

  test("tells who changed what, when, as its managedFields say", async () => {
    const source = open(sourceOf("admin"));
    await cluster.admin.put(serviceOf("cart", { namespace: "shop", creationTimestamp: undefined }));
    await cluster.admin.put(shopRoute("v1"));
    await summaries(source);
    const beforeMs = Date.now();
    await cluster.admin.put(shopRoute("v2"));
    await waitUntil("the change", async () => (await summaries(source)).some((one) => one.includes("was v1")));
    const nowMs = Date.now();
    const [change] = (await source.changes([cart], { fromMs: beforeMs - 2_000, toMs: nowMs }, soon(systemClock))).value;
    expect(change).toMatchObject({ kind: "VirtualService", namespace: "shop", name: "cart", services: [cart] });
    expect(change?.atMs).toBeGreaterThan(beforeMs - 2_000);
    expect(change?.atMs).toBeLessThanOrEqual(nowMs);
  });

  test("that is restarted is followed on without a new list of what it still remembers, or with one where it does not", async () => {
    const proxy = await proxyTo({ keepsTimes: true });
    const source = open(kubernetesSourceOf(proxy.url, systemClock, {}, { longestPauseMs: 500 }));
    await cluster.admin.put(shopRoute("v1"));
    await waitUntil("the route", async () => (await summaries(source)).some((one) => /v1 100 %/.test(one)));
    const requestsBefore = proxy.answered.length;
    await cluster.stopApi();
    expect((await source.health([cart], soon(systemClock))).value).toHaveLength(1);
    await cluster.startApi();
    await cluster.admin.put(shopRoute("v4"));
    await waitUntil(
      "the change after the restart",
      async () => (await summaries(source))[0]?.includes("cart: v4 100 %") ?? false,
      {
        limitMs: 60_000,
      },
    );
    expect(proxy.answered.slice(requestsBefore).some(({ path }) => path.includes("watch=1"))).toBe(true);
  });

  test("that has forgotten the place of a watch answers 410, and a new list tells what was changed and deleted meanwhile", async () => {
    const proxy = await proxyTo({ keepsTimes: true });
    const source = open(kubernetesSourceOf(proxy.url, systemClock, {}, { longestPauseMs: 500 }));
    const other = forRealServer(
      kubeObjectOf(
        "networking.istio.io/v1",
        "DestinationRule",
        "cart",
        { spec: { host: "cart" } },
        { namespace: "shop", creationTimestamp: undefined },
      ),
    );
    await cluster.admin.put(other);
    await cluster.admin.put(shopRoute("v1"));
    await waitUntil(
      "both",
      async () => (await summaries(source)).filter((one) => one.startsWith("created")).length >= 2,
    );
    await proxy.refuse();
    await cluster.admin.put(shopRoute("v7"));
    await cluster.admin.remove(other);
    // A server that starts knows no version from before its start.
    await cluster.stopApi();
    await cluster.startApi();
    await proxy.accept();
    await waitUntil(
      "what happened meanwhile",
      async () => {
        const told = (await summaries(source)).join("\n");
        return /cart: v7 100 % \(was v1 100 %\)/.test(told) && /^deleted/m.test(told);
      },
      { limitMs: 60_000 },
    );
    expect(proxy.expiredCount()).toBeGreaterThan(0);
  });
});

describe("the shipped ClusterRole", () => {
  const shipped = parseAllDocuments(
    readFileSync(join(repositoryRoot, "deploy/kubernetes/cluster-role.yaml"), "utf8"),
  ).map((document) => document.toJS() as Json);
  type Rule = {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  };
  const role = shipped.find(({ kind }) => kind === "ClusterRole") as Json & { readonly rules: readonly Rule[] };
  const grant = (rules: readonly Rule[]) => cluster.admin.put({ ...role, rules });
  const resources = role.rules.flatMap(({ apiGroups: [group = ""], resources: names }) =>
    names.map((plural) => ({ group, plural, name: group === "" ? plural : `${plural}.${group}` })),
  );

  beforeAll(async () => {
    await grant(role.rules);
    const binding = shipped.find(({ kind }) => kind === "ClusterRoleBinding");
    const user = { kind: "User", name: "reader", apiGroup: "rbac.authorization.k8s.io" };
    await cluster.admin.put({ ...binding, subjects: [user] });
  });

  async function found(): Promise<string> {
    const source = sourceOf("reader");
    try {
      return (await source.probe(soon(systemClock))).found ?? "";
    } finally {
      await source.close();
    }
  }
  /** Rights take a moment to reach the authorizer. */
  const isFound = (what: RegExp) => waitUntil(String(what), async () => what.test(await found()), { limitMs: 20_000 });

  test("names every kind that is read and no other", () => {
    expect(resources.map(({ name }) => name).sort()).toEqual(
      [...readKinds, ...objectiveKinds].map(resourceName).sort(),
    );
    expect(new Set(role.rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(["list", "watch"]));
  });

  test("is sufficient: every kind is read with it", async () => {
    await isFound(allKinds);
  });

  test("is what check --deep asks the API server about, which names what is missing", async () => {
    const source = sourceOf("reader");
    const inspected = async () => {
      const { findings = [], clockSkewMs } = (await source.inspect?.(soon(systemClock))) ?? {};
      expect(Math.abs(clockSkewMs ?? Number.NaN)).toBeLessThan(5_000);
      return findings.map(({ verdict, message, remedy }) => `${verdict}: ${message}; ${remedy}`).join();
    };
    expect(await inspected()).toMatch(/^PASS: may list and watch all \d+ kinds/);
    const weaker = role.rules.map((rule) =>
      rule.resources.includes("deployments") ? { ...rule, verbs: ["list"] } : rule,
    );
    await grant(weaker);
    const wanted =
      "WARN: may not watch deployments.apps, watch replicasets.apps, watch statefulsets.apps, watch daemonsets.apps:";
    await waitUntil("the rights are weaker", async () => (await inspected()).startsWith(wanted), { limitMs: 20_000 });
    expect(await inspected()).toContain(
      "{apiGroups: [apps], resources: [deployments, replicasets, statefulsets, daemonsets], verbs: [watch]}",
    );
    await grant(role.rules);
    await source.close();
  });

  const ofObjectives = new Set(objectiveKinds.map(resourceName));

  /** Kinds of objectives that may not be read. */
  async function missingObjectives(): Promise<readonly string[]> {
    const source = sourceOf("reader");
    try {
      return await new Promise<readonly string[]>((resolve) => {
        const heard: (readonly string[])[] = [];
        source.followObjectives(({ forbidden, isComplete }) => {
          heard.push(forbidden);
          if (isComplete || forbidden.length > 0) setTimeout(() => resolve(heard.at(-1) ?? []), 200);
        });
      });
    } finally {
      await source.close();
    }
  }

  test.each(resources.filter(({ name }) => ofObjectives.has(name)))(
    "needs $name for objectives: without it that kind is named as missing, and no other",
    async ({ group, plural, name }) => {
      const rules = role.rules.map((rule) =>
        rule.apiGroups[0] === group ? { ...rule, resources: rule.resources.filter((one) => one !== plural) } : rule,
      );
      await grant(rules.filter((rule) => rule.resources.length > 0));
      await waitUntil(`${name} to be missing`, async () => (await missingObjectives()).join() === name, {
        limitMs: 20_000,
      });
    },
  );

  test.each(resources.filter(({ name }) => !ofObjectives.has(name)))(
    "needs $name: without it that kind is named as missing, and no other",
    async ({ group, plural, name }) => {
      const rules = role.rules.map((rule) =>
        rule.apiGroups[0] === group ? { ...rule, resources: rule.resources.filter((one) => one !== plural) } : rule,
      );
      await grant(rules.filter((rule) => rule.resources.length > 0));
      if (plural === "services") {
        await waitUntil("a refusal", () =>
          found().then(
            () => false,
            (error: Error) => /may not list services/.test(error.message),
          ),
        );
      } else
        await isFound(new RegExp(`of ${readKinds.length - 1} kinds, .*; may not read ${name.replaceAll(".", "\\.")}$`));
    },
  );

  const halves = role.rules.flatMap((rule, at) =>
    rule.verbs.map((verb) => ({ at, verb, group: rule.apiGroups[0] === "" ? "core" : rule.apiGroups[0] })),
  );
  test.each(halves)("needs to $verb what is of $group", async ({ at, verb }) => {
    const without = (rule: Rule) => ({ ...rule, verbs: rule.verbs.filter((one) => one !== verb) });
    // The half that was missing before must not stand for this one.
    await grant(role.rules);
    await isFound(allKinds);
    await waitUntil("objectives can be read", async () => (await missingObjectives()).length === 0);
    await grant(role.rules.map((rule, index) => (index === at ? without(rule) : rule)));
    const [group = ""] = role.rules[at]?.apiGroups ?? [];
    const names = resources.filter((one) => one.group === group).map(({ name }) => name);
    const missing = async (): Promise<readonly string[]> => {
      if (names.every((name) => ofObjectives.has(name))) return missingObjectives();
      const words = await found().catch((error: Error) => error.message);
      // Without Services there is no answer at all.
      if (/may not (list|watch|read) services/.test(words)) return names;
      return names.filter((name) => words.split("may not read")[1]?.includes(name));
    };
    await waitUntil(
      `${names.join(", ")} cannot be read`,
      async () => {
        const those = await missing();
        return names.every((name) => those.includes(name));
      },
      { limitMs: 30_000 },
    );
  });
});
