import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { MeshDeps } from "../../src/mesh/create-mesh.js";
import { createMemoryWorkloadSource } from "../../src/sources/memory/memory-workload-source.js";
import { bookinfoEvents } from "../support/bookinfo-objects.js";
import { kubeNowMs, kubeTime } from "../support/kube-objects.js";
import { exampleQuery, type GraphqlServer, startGraphql } from "./support/graphql-server.js";

const clock = { nowMs: () => kubeNowMs };
const range = { absolute: { from: kubeTime(-3_600), to: kubeTime(0) } };

function bookinfo(): Pick<MeshDeps, "workloadSources" | "clock"> {
  const config = { name: "kube", cluster: null, maxAgeMs: 21_600_000, maxChanges: 1_000 };
  const source = createMemoryWorkloadSource({ config, clock });
  source.append(bookinfoEvents());
  return { workloadSources: [source], clock };
}

describe("health and changes over GraphQL", () => {
  let server: GraphqlServer;
  beforeAll(async () => {
    server = await startGraphql(bookinfo(), { clock });
  });
  afterAll(() => server.close());

  const page = async (name: string) => {
    const variables = { service: { namespace: "bookinfo", name }, range };
    const answer = await server.ask({ query: exampleQuery("service-page"), variables });
    expect(answer.errors).toBeUndefined();
    return answer.data?.["service"];
  };

  test("the contract's page says why a service is not well and what was changed near it", async () => {
    expect(await page("ratings")).toMatchObject({
      ref: { cluster: "default", namespace: "bookinfo", name: "ratings" },
      health: {
        sources: [{ name: "kube", kind: "KUBERNETES", state: "OK" }],
        state: "DEGRADED",
        reasons: [
          "ratings-v1-6f6cfc45b-h5m2n: container ratings restarted 2 times, last 5 min ago after OOMKilled (exit code 137)",
        ],
        workloads: [
          {
            kind: "Deployment",
            name: "ratings-v1",
            desired: 1,
            ready: 1,
            available: 1,
            restarts: 2,
            images: ["docker.io/istio/examples-bookinfo-ratings-v1:1.20.3"],
            conditions: [],
          },
        ],
      },
      changes: {
        sources: [{ name: "kube", kind: "KUBERNETES", state: "OK" }],
        nodes: [
          { kind: "Deployment", name: "ratings-v1", summary: expect.stringContaining("OOMKilled") },
          {
            at: "2026-11-21T09:50:00.000Z",
            kind: "VirtualService",
            namespace: "bookinfo",
            name: "ratings",
            summary: "fault: 7 s delay on 100 % for end-user=jason",
            detail: null,
          },
          { kind: "AuthorizationPolicy" },
          { kind: "ServiceEntry" },
        ],
      },
    });
  });

  test("a service that only Kubernetes knows has its page, and is IDLE when it is scaled to zero", async () => {
    expect(await page("details")).toMatchObject({
      golden: { absence: "NO_METRICS_SOURCE" },
      health: { state: "IDLE" },
    });
    expect(await page("nobody")).toBeNull();
  });

  test("pods say how they are, and first cuts the changes", async () => {
    const query = `query($range: RangeInput) { service(ref: { namespace: "bookinfo", name: "ratings" }, range: $range) {
      health { workloads { pods { name phase ready restarts node startedAt reasons } } }
      changes(first: 1) { nodes { kind } }
      recent: changes(range: { absolute: { from: "${kubeTime(-900)}", to: "${kubeTime(-500)}" } }) { nodes { kind } }
    } }`;
    const answer = await server.ask({ query, variables: { range } });
    expect(answer.data?.["service"]).toEqual({
      health: {
        workloads: [
          {
            pods: [
              {
                name: "ratings-v1-6f6cfc45b-h5m2n",
                phase: "Running",
                ready: true,
                restarts: 2,
                node: "node-1",
                startedAt: "2026-11-21T09:00:00.000Z",
                reasons: [expect.stringContaining("OOMKilled")],
              },
            ],
          },
        ],
      },
      changes: { nodes: [{ kind: "Deployment" }] },
      recent: { nodes: [{ kind: "VirtualService" }] },
    });
  });

  test("the services of one question are read at once", async () => {
    const names = ["productpage", "details", "reviews", "ratings"];
    const one = (name: string) =>
      `${name}: service(ref: { namespace: "bookinfo", name: "${name}" }, range: $range) { health { state } changes { nodes { summary } } }`;
    const query = `query Several($range: RangeInput) { ${names.map(one).join("\n")} }`;
    const answer = await server.ask({ query, variables: { range } });
    expect(answer.errors).toBeUndefined();
    expect(Object.values(answer.data ?? {})).toMatchObject([
      { health: { state: "HEALTHY" } },
      { health: { state: "IDLE" } },
      { health: { state: "HEALTHY" } },
      { health: { state: "DEGRADED" } },
    ]);
    const report = server.reports.find(({ operationName }) => operationName === "Several");
    expect(report?.upstreamCalls).toBe(3);
  });

  test("sources and their states list it", async () => {
    const answer = await server.ask({ query: exampleQuery("sources") });
    expect(answer.data).toMatchObject({ sources: [{ name: "kube", kind: "KUBERNETES", state: "OK" }] });
  });
});
