import { describe, expect, test } from "@jest/globals";
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { spanPod, spanService } from "../../../src/mesh/identity/span-service.js";
import { sidecarSpan, span } from "../../support/spans.js";

const serviceOf = (one: Parameters<typeof spanService>[0]) => spanService(one, null, noClusterNames);

describe("the service of a span", () => {
  test("a client span belongs to the proxy that made the call", () => {
    const call = sidecarSpan("productpage", "CLIENT", "1", null, {
      operation: "reviews.bookinfo.svc.cluster.local:9080/*",
    });
    expect(serviceOf(call)).toEqual({ cluster: "default", namespace: "bookinfo", name: "productpage" });
  });

  test("Istio's canonical service stands before the name in the backend", () => {
    const tags = { "istio.canonical_service": "reviews", "istio.namespace": "bookinfo" };
    expect(serviceOf(span("1", null, { serviceName: "app.bookinfo", tags }))?.name).toBe("reviews");
  });

  test("a name with its namespace is enough", () => {
    expect(serviceOf(span("1", null, { serviceName: "reviews.bookinfo" }))).toMatchObject({
      namespace: "bookinfo",
      name: "reviews",
    });
  });

  test("a plain name takes the namespace of its Kubernetes attributes or of its proxy's node", () => {
    const plain = { serviceName: "ts-travel2-service" };
    const attributes = { "k8s.namespace.name": "train-ticket", "k8s.pod.name": "ts-travel2-service-5c66d57d58-6mp2b" };
    const node = {
      node_id: "sidecar~10.0.0.1~ts-travel2-service-5c66d57d58-6mp2b.train-ticket~train-ticket.svc.cluster.local",
    };
    for (const tags of [attributes, node]) {
      const one = span("1", null, { ...plain, tags });
      expect(serviceOf(one)).toMatchObject({ namespace: "train-ticket", name: "ts-travel2-service" });
      expect(spanPod(one)).toEqual({ pod: "ts-travel2-service-5c66d57d58-6mp2b", namespace: "train-ticket" });
    }
  });

  test("a nameless span is named by its pod", () => {
    const tags = { node_id: "sidecar~10.0.0.1~reviews-v2-6f6cfc45b-h5m2n.bookinfo~bookinfo.svc.cluster.local" };
    expect(serviceOf(span("1", null, { serviceName: "", tags }))?.name).toBe("reviews");
  });

  test("is null where nothing tells a namespace", () => {
    expect(serviceOf(span("1", null, { serviceName: "checkout" }))).toBeNull();
  });

  test("a waypoint's span belongs to the service it stands before", () => {
    const tags = {
      node_id: "waypoint~10.0.0.9~waypoint-6f6cfc45b-h5m2n.bookinfo~bookinfo.svc.cluster.local",
      "istio.canonical_service": "waypoint",
      "istio.destination_namespace": "bookinfo",
      "istio.destination_canonical_service": "reviews",
    };
    expect(serviceOf(span("1", null, { serviceName: "waypoint.bookinfo", tags }))?.name).toBe("reviews");
  });

  test("the cluster is the tag's, renamed by alias, else the source's, else default", () => {
    const names = { aliases: { Kubernetes: "east" }, fallback: "default" };
    const tagged = sidecarSpan("reviews", "SERVER", "1", null, { tags: { "istio.cluster_id": "Kubernetes" } });
    expect(spanService(tagged, "west", names)?.cluster).toBe("east");
    expect(spanService(sidecarSpan("reviews", "SERVER", "1", null), "west", names)?.cluster).toBe("west");
    expect(spanService(sidecarSpan("reviews", "SERVER", "1", null), null, names)?.cluster).toBe("default");
  });
});
