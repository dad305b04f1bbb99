import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { WorkloadSource } from "../../../src/telemetry/workload-source.js";
import { type FakeKubeApi, type KubeRequest, startFakeKubeApi } from "../../support/fake-kube-api.js";
import {
  deploymentOf,
  type Json,
  kubeNowMs,
  kubeObjectOf,
  podOf,
  serviceOf,
  to,
  virtualServiceOf,
} from "../../support/kube-objects.js";
import { createSetClock, kubernetesSourceOf, type SetClock, soon } from "../../support/kubernetes-source.js";
import { waitUntil } from "../../support/wait-until.js";

const reviews = { namespace: "bookinfo", name: "reviews" };
const route = (version: string, metadata: Json = {}) =>
  virtualServiceOf("reviews", [{ route: to("reviews", { [version]: 100 }) }], metadata);
const routes = "virtualservices.networking.istio.io";

let server: FakeKubeApi;
let clock: SetClock;
let source: WorkloadSource;

const opened: WorkloadSource[] = [];
function open(
  config?: Parameters<typeof kubernetesSourceOf>[2],
  timings?: Parameters<typeof kubernetesSourceOf>[3],
  connection?: Parameters<typeof kubernetesSourceOf>[4],
): WorkloadSource {
  const made = kubernetesSourceOf(server.url, clock, config, timings, connection);
  opened.push(made);
  return made;
}

beforeEach(async () => {
  server = await startFakeKubeApi();
  clock = createSetClock();
  source = open();
  for (const object of [serviceOf("reviews"), deploymentOf("reviews", "v1"), podOf("reviews", "v1"), route("v1")])
    server.put(object);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await server.close();
});

const state = async () => (await source.health([reviews], soon(clock))).value[0]?.state ?? null;
const window = { fromMs: kubeNowMs - 3_600_000, toMs: kubeNowMs + 3_600_000 };
const told = async () =>
  (await source.changes([reviews], window, soon(clock))).value.map(({ kind, summary }) => `${kind}: ${summary}`);
/** Time passes while it is waited: pauses of the breaker are by the clock. */
const passes = (what: string, isReached: () => boolean | Promise<boolean>) =>
  waitUntil(what, () => {
    clock.atMs += 500;
    return isReached();
  });
const isTold = (text: string) => passes(text, async () => (await told()).some((one) => one.includes(text)));
const watched = (resource = routes) => passes("a watch", () => server.watchCount(resource) === 1);
const listsOf = (resource: string) =>
  server.requests.filter((request) => request.resource === resource && !request.isWatch).length;

/** Lets the first requests that match go wrong. */
function failFirst(
  count: number,
  matches: (request: KubeRequest) => boolean,
  how: NonNullable<FakeKubeApi["intercept"]>,
) {
  let left = count;
  server.intercept = (request, response) => {
    if (left === 0 || !matches(request)) return false;
    left -= 1;
    return how(request, response);
  };
}
const listOf = (resource: string) => (request: KubeRequest) => request.resource === resource && !request.isWatch;
const answer =
  (status: number, body = "{}", headers: Record<string, string> = {}): NonNullable<FakeKubeApi["intercept"]> =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
const reset: NonNullable<FakeKubeApi["intercept"]> = (_, response) => {
  response.writeHead(200, { "content-length": "9999" });
  response.write('{"metadata":{"resourceVersion":"1"},"items":[', () => response.socket?.resetAndDestroy());
  return true;
};

describe("an API server in trouble", () => {
  test("that refuses is a typed error at once, and is read when it listens again", async () => {
    await server.refuse();
    await expect(source.services(soon(clock))).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_UNREACHABLE" });
    await server.accept();
    await passes("health", async () => (await state()) === "HEALTHY");
  });

  test.each([
    ["is cut in the middle", reset],
    ["is garbage", answer(200, "<html>")],
    ["has another shape", answer(200, '{"items": 7, "metadata": {"resourceVersion": "1"}}')],
    ["is a failure", answer(503)],
    ["is asked for too often", answer(429, "", { "retry-after": "0" })],
    ["expires between two pages", answer(410)],
  ])("whose list %s is asked again", async (_, how) => {
    failFirst(2, listOf(routes), how);
    const next = route("v2");
    await told();
    await watched();
    server.put(next);
    await isTold("reviews: v2 100 % (was v1 100 %)");
  });

  test("that asks to be left alone is left alone, all kinds of it", async () => {
    const asked = () => server.requests.length;
    server.intercept = answer(429, "", { "retry-after": "30" });
    await expect(source.services(soon(clock))).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_RATE_LIMITED" });
    const before = asked();
    // The pause is by the clock of the client, which stands; loops wait in real time for the same 30 s.
    await expect(source.services(soon(clock))).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_RATE_LIMITED" });
    expect(asked()).toBe(before);
  });

  test("that sends a list without end is left, and says how much came", async () => {
    source = open({}, {}, { maxResponseBytes: 65_536 });
    server.intercept = ({ resource, isWatch }, response) => {
      if (resource !== "services" || isWatch) return false;
      response.writeHead(200).write(`{"items":[${JSON.stringify({ metadata: { name: "x".repeat(100_000) } })}`);
      return true;
    };
    await expect(source.services(soon(clock))).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_TOO_LARGE" });
  });

  test("is stale in words after a moment, and no answer about health after some minutes", async () => {
    expect(await state()).toBe("HEALTHY");
    await server.refuse();
    clock.atMs += 60_000;
    // A watch that was cut says so until it has tried again.
    await waitUntil("all kinds tell the same", async () => {
      const { value, warnings } = await source.health([reviews], soon(clock));
      expect(value[0]?.state).toBe("HEALTHY");
      expect(warnings.join()).toMatch(/services, .* and \d more kinds are as they were 60 s ago: kube at http/);
      return true;
    });
    clock.atMs += 300_000;
    await expect(source.health([reviews], soon(clock))).rejects.toMatchObject({
      code: "MESHLENS_ERR_SOURCE_UNREACHABLE",
    });
    expect((await source.changes([reviews], window, soon(clock))).warnings).not.toEqual([]);
  });
});

describe("a watch", () => {
  beforeEach(async () => {
    await told();
    await watched();
  });

  test("that ends goes on where it stopped, without a new list", async () => {
    const before = listsOf(routes);
    server.endWatches();
    server.put(route("v2"));
    await isTold("v2 100 % (was v1 100 %)");
    expect(listsOf(routes)).toBe(before);
  });

  test.each([
    ["told 410 in the stream", () => server.endWatches({ type: "ERROR", object: { kind: "Status", code: 410 } })],
    ["told 410 when it comes back", () => server.endWatches()],
    [
      "told of an older version",
      () => server.send(routes, '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"3"}}}'),
    ],
  ])("%s starts from a new list, which tells what went meanwhile", async (_, end) => {
    const before = listsOf(routes);
    server.intercept = ({ isWatch }, response) => isWatch && answer(503)({} as KubeRequest, response);
    end();
    await waitUntil("its end", () => server.watchCount(routes) === 0);
    server.remove(route("v1"));
    server.forget();
    server.intercept = null;
    await isTold("deleted (was reviews: v1 100 %)");
    expect(listsOf(routes)).toBeGreaterThan(before);
  });

  test.each([
    ["garbage", "}{"],
    ["an unknown event", '{"type":"SURPRISE","object":{}}'],
    ["an error of the server", '{"type":"ERROR","object":{"code":500}}'],
  ])("that brings %s is opened anew", async (_, line) => {
    server.send(routes, line);
    await waitUntil(
      "its end",
      () => server.requests.filter((one) => one.resource === routes && one.isWatch).length > 1,
    );
    server.put(route("v3"));
    await isTold("v3 100 % (was v1 100 %)");
  });

  test("takes objects it cannot read for nothing", async () => {
    server.send(routes, '{"type":"ADDED","object":null}');
    server.send(routes, '{"type":"ADDED","object":{"metadata":{"name":7}}}');
    server.put(route("v3"));
    await isTold("v3 100 % (was v1 100 %)");
  });
});

test("a watch that falls silent is opened anew from where it was", async () => {
  source = open({}, { idleMs: 40 });
  await told();
  const watches = () => server.requests.filter((one) => one.resource === routes && one.isWatch);
  await waitUntil("three watches", () => watches().length >= 3);
  expect(listsOf(routes)).toBe(1);
  const [first, second] = watches();
  expect(second?.query.get("resourceVersion")).toBe(first?.query.get("resourceVersion"));
});

describe("rights", () => {
  test("that are missing for a kind name it; the rest works, and the kind is read once they are there", async () => {
    server.forbidden.add("pods").add(routes);
    const health = await source.health([reviews], soon(clock));
    expect(health.value[0]?.state).toBe("HEALTHY");
    expect(health.warnings).toEqual([
      "pods may not be read: grant list and watch (deploy/kubernetes/cluster-role.yaml)",
    ]);
    const changes = await source.changes([reviews], window, soon(clock));
    expect(changes.warnings.join()).toContain(`pods, ${routes} may not be read`);
    expect((await source.services(soon(clock))).warnings).toEqual([]);
    expect((await source.probe(soon(clock))).found).toContain(`may not read pods, ${routes}`);
    server.forbidden.clear();
    await waitUntil("no warning", async () => (await source.health([reviews], soon(clock))).warnings.length === 0);
  });

  test("to nothing that runs make a service unknown, not down", async () => {
    for (const plural of ["pods", "deployments.apps", "statefulsets.apps"]) server.forbidden.add(plural);
    expect(await state()).toBe("UNKNOWN");
  });

  test("to Services are needed: without them there is no answer that no Service exists", async () => {
    server.forbidden.add("services");
    const refused = {
      code: "MESHLENS_ERR_SOURCE_UNAUTHORIZED",
      message: expect.stringContaining("grant list and watch"),
    };
    await expect(source.services(soon(clock))).rejects.toMatchObject(refused);
    await expect(source.probe(soon(clock))).rejects.toMatchObject(refused);
    expect((await source.changes([reviews], window, soon(clock))).warnings).not.toEqual([]);
  });

  test("taken away let go of what was read, and tell of no deletion", async () => {
    await told();
    await watched();
    server.forbidden.add(routes);
    server.endWatches();
    await waitUntil(
      "a warning",
      async () => (await source.changes([reviews], window, soon(clock))).warnings.length > 0,
    );
    expect((await told()).join()).not.toContain("deleted");
  });

  test("are those of the token in the file, read again when it is refused", async () => {
    const folder = await mkdtemp(join(tmpdir(), "meshlens-token-"));
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, "first\n");
    let good = "first";
    server.intercept = ({ headers }, response) =>
      headers.authorization !== `Bearer ${good}` && answer(401)({} as KubeRequest, response);
    source = open({ tokenFile });
    expect(await state()).toBe("HEALTHY");
    good = "second";
    server.endWatches();
    await waitUntil("a refusal", () => server.watchCount() === 0);
    await writeFile(tokenFile, "second\n");
    await watched();
    await rm(tokenFile);
    source = open({ tokenFile });
    const error = await source.services(soon(clock)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "MESHLENS_ERR_SOURCE_UNAUTHORIZED" });
    expect(String(error)).not.toContain("second");
    await rm(folder, { recursive: true });
  });
});

describe("what is read", () => {
  test("is never a Secret or a ConfigMap, and of namespaces only their metadata", async () => {
    await told();
    expect(server.requests.map(({ path }) => path).join("\n")).not.toMatch(/secrets|configmaps/);
    const [namespaces] = server.requests.filter(({ resource }) => resource === "namespaces");
    expect(namespaces?.headers.accept).toContain("as=PartialObjectMetadataList");
  });

  test("are kinds that are not installed, once they are: quietly until then", async () => {
    server.absent.add(routes);
    const { value, warnings } = await source.changes([reviews], window, soon(clock));
    expect([value.length, warnings]).toEqual([0, []]);
    server.absent.clear();
    await watched();
    server.put(route("v2"));
    await isTold("v2 100 % (was v1 100 %)");
  });

  test("stays bounded by ten thousand events about many objects", async () => {
    source = open({ maxChanges: 50 });
    await told();
    await watched("events");
    for (let nth = 0; nth < 10_000; nth += 1) {
      const involvedObject = { kind: "Pod", namespace: "bookinfo", name: "reviews-v1-6f6cfc45b-h5m2n" };
      const more = { involvedObject, type: "Warning", reason: `Reason${nth % 500}`, message: "no", count: nth };
      server.put(
        kubeObjectOf("v1", "Event", `event-${nth}`, { ...more, lastTimestamp: new Date(clock.atMs).toISOString() }),
      );
    }
    await isTold("Reason499: no (9999 times)");
    expect((await told()).length).toBeLessThanOrEqual(120);
  });

  test("ends when the source is closed, with no connection left open", async () => {
    await told();
    await watched();
    const asking = source.health([reviews], soon(clock));
    await asking;
    await source.close();
    await waitUntil("no watches", () => server.watchCount() === 0);
    await expect(source.services(soon(clock))).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
  });
});

test("a source that cannot know its server says why", async () => {
  source = open({ unusable: "Meshlens does not run in a cluster: give it a kubeconfig" });
  const refused = { message: "kube: Meshlens does not run in a cluster: give it a kubeconfig" };
  await expect(source.probe(soon(clock))).rejects.toMatchObject(refused);
  await expect(source.services(soon(clock))).rejects.toMatchObject(refused);
  expect(server.requests).toEqual([]);
});

test("a probe does not wait for the end of the first reading: it tells how far it is", async () => {
  server.intercept = ({ resource }) => resource === "pods";
  const { version, found } = await source.probe(soon(clock, { deadlineMs: clock.nowMs() + 500 }));
  expect(version).toBe("v1.34.2-fake");
  expect(found).toMatch(/^still reading for the first time; \d+ objects? of \d+ kinds/);
});

test("a caller who leaves or whose time is up does not wait for the first reading", async () => {
  server.intercept = ({ resource }) => resource === "services";
  const leaving = new AbortController();
  const left = source.services(soon(clock, { signal: leaving.signal }));
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
  await expect(source.services(soon(clock, { deadlineMs: clock.nowMs() + 30 }))).rejects.toMatchObject({
    code: "MESHLENS_ERR_SOURCE_TIMEOUT",
    message: expect.stringContaining("for the first time"),
  });
});
