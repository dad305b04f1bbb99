import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { istio } from "../../../src/mesh/dialects/istio.js";
import { serviceOfHost } from "../../../src/mesh/dialects/kubernetes-host.js";
import { istioDestination, istioSource } from "../../support/mesh-metrics.js";

const destination = (labels: Record<string, string>) => istio.toRow(labels, "REQUEST")?.destination ?? null;
const outside = istioDestination("x", null);

describe("who was called, in Istio's labels", () => {
  test("a host of the cluster is a service, also where no endpoint was chosen", () => {
    expect(destination(istioDestination("ratings", null))).toMatchObject({
      kind: "SERVICE",
      name: "ratings",
      namespace: "bookinfo",
      workload: null,
    });
  });

  test("without a destination cluster a service is in its caller's (istio#29373)", () => {
    const labels = { ...istioSource("reviews-v2"), ...istioDestination("ratings", null) };
    expect(destination(labels)?.cluster).toBe("Kubernetes");
  });

  test.each([
    ["mysql.example.com", "mysql.example.com", "EXTERNAL", "mysql.example.com"],
    ["mysql.example.com:3306", "mysql.example.com", "EXTERNAL", "mysql.example.com"],
    ["unknown", "BlackHoleCluster", "BLACK_HOLE", ""],
    ["blocked.example.com", "BlackHoleCluster", "BLACK_HOLE", ""],
    ["unknown", "PassthroughCluster", "PASSTHROUGH", ""],
    ["anything.example.com", "PassthroughClusterIpv4", "PASSTHROUGH", ""],
    ["unknown", "unknown", "UNKNOWN", ""],
  ])("host %s of %s is %s", (host, short, kind, name) => {
    const labels = { ...outside, destination_service: host, destination_service_name: short };
    expect(destination(labels)).toMatchObject({ kind, name });
  });

  test("a passed-through call that reached a workload of the mesh is that service's", () => {
    const labels = { ...istioDestination("reviews", "reviews-v1"), destination_service: "unknown" };
    for (const cluster of ["PassthroughCluster", "InboundPassthroughCluster"]) {
      expect(destination({ ...labels, destination_service_name: cluster })).toMatchObject({
        kind: "SERVICE",
        name: "reviews",
        namespace: "bookinfo",
      });
    }
  });

  test("requests to bare addresses are left out: they would make a node per pod", () => {
    const labels = { ...outside, destination_service: "10.0.0.7:9080", destination_service_name: "10.0.0.7:9080" };
    expect(istio.toRow(labels, "REQUEST")).toBeNull();
  });

  test("empty labels and `unknown` say the same: nothing", () => {
    const row = istio.toRow({ source_workload: "", source_canonical_service: "unknown" }, "REQUEST");
    expect(row?.source).toEqual({ workload: null, namespace: null, canonicalService: null, cluster: null });
  });

  test("only a server's proxy tells whether a call was secured", () => {
    const secured = (policy: string) =>
      istio.toRow({ ...istioDestination("a", "a"), connection_security_policy: policy }, "REQUEST")?.isMutualTls;
    expect(["mutual_tls", "none", "unknown"].map(secured)).toEqual([true, false, null]);
  });

  test("no label value makes it throw", () => {
    const names = [...istio.index.source, ...istio.index.destination, ...istio.requests.outcomeLabels];
    const labels = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.constant("unknown")));
    fc.assert(
      fc.property(labels, fc.constantFrom("REQUEST" as const, "TCP" as const), (row, protocol) => {
        expect(() => istio.toRow(row, protocol)).not.toThrow();
      }),
    );
  });
});

test.each([
  ["reviews.bookinfo.svc.cluster.local", { name: "reviews", namespace: "bookinfo" }],
  ["reviews.bookinfo.svc.corp.example:9080", { name: "reviews", namespace: "bookinfo" }],
  ["reviews.bookinfo.svc", { name: "reviews", namespace: "bookinfo" }],
  ["reviews.bookinfo", null],
  ["svc.example.com", null],
])("host %s names %j", (host, expected) => {
  expect(serviceOfHost(host)).toEqual(expected);
});
