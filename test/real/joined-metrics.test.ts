import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ExpectedRequests } from "../support/bookinfo/expectations.js";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import type { Edge, Golden, ServiceGraph, ServiceList, ServicePage } from "./joined-answers.js";
import { bookinfo, generationNames, type JoinedMesh, range, startJoined } from "./joined-mesh.js";

const { fromMs, toMs, requests, connections } = readExpected();
const seconds = (toMs - fromMs) / 1000;
const services = ["details", "productpage", "ratings", "reviews"];
const appOf = (workload: string) => workload.replace(/-v\d$/, "");
const sum = (rows: readonly ExpectedRequests[]) => rows.reduce((total, row) => total + row.count, 0);

/** How the story's calls failed; null for calls that did not. */
function causeOf({ code, flags }: ExpectedRequests): string | null {
  if (flags === "DC") return "CALLER_GAVE_UP";
  if (flags === "FI") return "FAULT_INJECTED";
  return code.startsWith("5") ? "SERVER_ERROR" : null;
}

/** What an answer must say of these calls: the callers' rows, and the servers' beside them. */
function goldenOf(rows: readonly ExpectedRequests[]) {
  const bySource = rows.filter(({ reporter }) => reporter === "source");
  const byServer = rows.filter(({ reporter }) => reporter === "destination");
  const failed = (some: readonly ExpectedRequests[]) => some.filter((row) => causeOf(row) !== null);
  const ratio = (some: readonly ExpectedRequests[]) => (some.length === 0 ? null : sum(failed(some)) / sum(some));
  const causes = new Map<string | null, number>();
  for (const row of failed(bySource)) causes.set(causeOf(row), (causes.get(causeOf(row)) ?? 0) + row.count);
  return {
    requestCount: sum(bySource),
    errorRatio: ratio(bySource),
    failures: [...causes].map(([cause, count]) => ({ cause, count })),
    server: { requestCount: byServer.length === 0 ? null : sum(byServer), errorRatio: ratio(byServer) },
  };
}

function told({ requestCount, errorRatio, failures, server }: Golden) {
  const told = { requestCount, errorRatio: errorRatio?.value ?? null, ...(failures && { failures }) };
  return { ...told, server: { requestCount: server.requestCount, errorRatio: server.errorRatio?.value ?? null } };
}

const nameOf = (edge: Edge) => `${edge.source.label} > ${edge.destination.label}`;
const rowsOf = (edge: Edge) => requests.filter((row) => `${appOf(row.source)} > ${row.service}` === nameOf(edge));

describe.each(generationNames)("the recorded mesh over %s, in numbers", (generation) => {
  let mesh: JoinedMesh;
  beforeAll(async () => {
    mesh = await startJoined(generation);
  });
  afterAll(() => mesh.close());

  const page = async (name: string): Promise<ServicePage> => {
    const answer = await mesh.ask<{ service: ServicePage }>("service-page", { service: bookinfo(name), range });
    expect(answer).toMatchObject({ status: 200, errors: [] });
    return answer.data.service;
  };

  test("every service is listed with its callers' counts, a client error is no failure, and nothing else is a service", async () => {
    const answer = await mesh.ask<{ services: ServiceList }>("services", { range });
    expect(answer).toMatchObject({ status: 200, errors: [], data: { services: { sources: [{ state: "OK" }] } } });
    const { nodes } = answer.data.services;
    expect(nodes.map(({ ref, mesh: kind }) => [ref.namespace, ref.name, kind])).toEqual(
      services.map((name) => ["bookinfo", name, "ISTIO"]),
    );
    for (const { ref, golden } of nodes) {
      const { requestCount, errorRatio } = goldenOf(requests.filter((row) => row.service === ref.name));
      expect(golden).toMatchObject({
        requestCount,
        requestRate: { value: requestCount / seconds },
        errorRatio: { value: errorRatio },
        clientErrorRatio: { value: 0 },
        absence: null,
      });
    }
  });

  test.each(services)("the page of %s has both views, and its failures by cause", async (name) => {
    const { golden } = await page(name);
    expect(told(golden)).toEqual(goldenOf(requests.filter((row) => row.service === name)));
    expect(golden).toMatchObject({ clientErrors: [], absence: null });
  });

  test("the rate at the end of a minute is that of its calls", async () => {
    const { series } = (await page("productpage")).golden.requestRate ?? {};
    const ofMinute = (minute: number) =>
      requests
        .filter(({ service, reporter }) => service === "productpage" && reporter === "source")
        .reduce((total, row) => total + (row.byMinute[minute] ?? 0), 0);
    const minutes = [0, 1, 2, 3, 4, 5];
    const values = minutes.map((minute) => series?.values[series.timestamps.indexOf(fromMs + (minute + 1) * 60_000)]);
    expect(values.map((value) => Number(((value ?? 0) * 60).toFixed(6)))).toEqual(minutes.map(ofMinute));
  });

  test.each(services)(
    "every edge of %s has both views, its failures and flags, no retries, and is encrypted",
    async (name) => {
      const edges = (await page(name)).dependencies.edges?.filter(({ protocol }) => protocol === "HTTP") ?? [];
      const touching = requests.filter((row) => row.service === name || appOf(row.source) === name);
      expect(edges.map(nameOf).sort()).toEqual(
        [...new Set(touching.map((row) => `${appOf(row.source)} > ${row.service}`))].sort(),
      );
      for (const edge of edges) {
        const bySource = rowsOf(edge).filter(({ reporter }) => reporter === "source");
        const flags = bySource.filter((row) => row.flags !== "-");
        expect(told(edge.golden)).toEqual(goldenOf(rowsOf(edge)));
        expect(edge).toMatchObject({ reporter: "SOURCE", retryRatio: 0, mutualTlsRatio: 1, connectionRate: null });
        expect(edge.responseFlags?.map(({ flag, share }) => ({ flag, share }))).toEqual(
          flags.map((row) => ({ flag: row.flags, share: row.count / sum(bySource) })).sort((a, b) => b.share - a.share),
        );
      }
    },
  );

  test("TCP: Firestore with its bytes in the caller's direction, the black hole with who fell into it", async () => {
    const edges = (await page("details")).dependencies.edges?.filter(({ protocol }) => protocol === "TCP") ?? [];
    const shown = edges.map(({ source, destination, golden, ...edge }) => ({
      edge: `${source.kind} ${source.label} > ${destination.kind} ${destination.label}`,
      requests: golden.requestCount,
      absence: golden.absence,
      opened: (edge.connectionRate ?? 0) * seconds,
      failed: edge.connectionErrorRatio,
      sent: edge.sentBytesPerSecond,
      received: edge.receivedBytesPerSecond,
    }));
    const kinds: Readonly<Record<string, string>> = { BlackHoleCluster: "BLACK_HOLE" };
    expect(shown).toEqual(
      connections.map((row) => ({
        edge: `SERVICE ${appOf(row.source)} > ${kinds[row.service] ?? "EXTERNAL"} ${row.service}`,
        requests: null,
        absence: "TCP_ONLY",
        opened: row.opened,
        failed: row.flags === "-" ? 0 : 1,
        sent: row.sentBytes === 0 ? null : row.sentBytes / seconds,
        received: row.receivedBytes === 0 ? null : row.receivedBytes / seconds,
      })),
    );
  });

  test("the graph has every end once and every edge with its counts", async () => {
    const answer = await mesh.ask<{ serviceGraph: ServiceGraph }>("service-graph", { range });
    expect(answer).toMatchObject({ status: 200, errors: [], data: { serviceGraph: { truncated: false } } });
    const { nodes, edges } = answer.data.serviceGraph;
    expect(nodes.map(({ kind, label }) => `${kind} ${label}`).sort()).toEqual([
      "BLACK_HOLE BlackHoleCluster",
      "EXTERNAL firestore.googleapis.com",
      "GATEWAY istio-ingressgateway",
      ...services.map((name) => `SERVICE ${name}`),
      "UNKNOWN unknown",
    ]);
    const node = new Map(nodes.map((one) => [one.id, one]));
    const named = edges.map((edge) => {
      const [source, destination] = [node.get(edge.source.id), node.get(edge.destination.id)];
      if (source === undefined || destination === undefined) throw new Error("an edge ends at a node of the graph");
      return { ...edge, source, destination };
    });
    const names = [...requests, ...connections].map((row) => `${appOf(row.source)} > ${row.service}`);
    expect(named.map(nameOf).sort()).toEqual([...new Set(names)].sort());
    for (const edge of named.filter(({ protocol }) => protocol === "HTTP")) {
      const { failures: _, ...counts } = goldenOf(rowsOf(edge));
      expect(told(edge.golden)).toEqual(counts);
    }
  });
});
