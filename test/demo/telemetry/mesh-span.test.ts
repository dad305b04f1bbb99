/** The spans of each story, and that every backend's form says the same of them. */
import { describe, expect, test } from "@jest/globals";
import { requestIdOf } from "../../../src/demo/simulation/trace-ids.js";
import { type MeshSpan, meshSpans, spanEndMs } from "../../../src/demo/telemetry/spans/mesh-span.js";
import { otlpSpans, tracesOfSpans, zipkinSpans } from "../../../src/demo/telemetry/spans/span-backends.js";
import { decodeJaegerOtlp } from "../../../src/sources/jaeger/jaeger-otlp-decode.js";
import { decodeZipkin } from "../../../src/sources/zipkin/zipkin-decode.js";
import { stories } from "./stories.js";
import { call, pods, services, t0 } from "./tiny-mesh.js";

const shapeOf = (span: MeshSpan) =>
  [
    span.kind,
    span.serviceName.split(".")[0],
    span.tags["http.status_code"],
    span.tags["response_flags"],
    span.isError ? "error" : "fine",
    span.durationUs / 1000,
  ].join(" ");
const shapes = (story: keyof typeof stories) => meshSpans(stories[story]).map(shapeOf);

describe("spans", () => {
  test("of a page: one at each proxy of each call, as one tree", () => {
    const spans = meshSpans(stories.healthy);
    expect(spans).toHaveLength(8);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(ids.size).toBe(8);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === null)).toHaveLength(1);
    expect(spans.every(({ parentSpanId }) => parentSpanId === null || ids.has(parentSpanId))).toBe(true);
    expect(spans.every((span) => !span.isError && span.tags["error"] === undefined)).toBe(true);
  });

  test("of a delay: the held call ends after its caller and after the page", () => {
    expect(shapes("delay")).toEqual([
      "CLIENT istio-ingressgateway 200 - fine 6010",
      "SERVER productpage 200 - fine 6008",
      "CLIENT productpage 0 DC error 3000",
      "SERVER reviews 0 DC error 3000",
      "CLIENT reviews 200 DI fine 7003",
      "SERVER ratings 200 - fine 2",
      "CLIENT productpage 0 DC error 3000",
      "SERVER reviews 0 DC error 3000",
      "CLIENT reviews 200 DI fine 7003",
      "SERVER ratings 200 - fine 2",
    ]);
    expect(Math.max(...meshSpans(stories.delay).map(spanEndMs))).toBe(t0 + 10_003);
  });

  test.each([
    ["delayCutShort", ["CLIENT reviews 0 DI,DC error 2501"]],
    ["abort", ["CLIENT reviews 500 FI error 0.1"]],
    ["retriesHelp", ["CLIENT reviews 200 - fine 40", "SERVER ratings 503 - error 2", "SERVER ratings 200 - fine 3"]],
    ["denied", ["CLIENT reviews 403 - fine 5", "SERVER ratings 403 - fine 1"]],
    ["routeTimeout", ["CLIENT reviews 504 UT error 1000", "SERVER ratings 0 DC error 1000"]],
    ["appDown", ["CLIENT reviews 503 - error 5", "SERVER ratings 503 UF error 1"]],
    ["blackHole", []],
  ] as const)("of %s", (story, expected) => {
    expect(shapes(story)).toEqual(expected);
  });

  test("of a request that is not sampled are none", () => {
    expect(meshSpans({ ...stories.denied, isSampled: false })).toEqual([]);
  });

  test("bear Istio's tags", () => {
    const toV2 = call(pods.productpage, services.reviews, { status: 503, flags: ["UH"] }, [], { subset: "v2" });
    expect(meshSpans(toV2)[0]).toMatchObject({
      operation: "reviews.bookinfo.svc.cluster.local:9080/*",
      startUs: t0 * 1000,
      tags: {
        component: "proxy",
        downstream_cluster: "-",
        error: "true",
        "guid:x-request-id": requestIdOf(toV2.requestNumber, true),
        "http.method": "GET",
        "http.protocol": "HTTP/1.1",
        "http.status_code": "503",
        "http.url": "http://reviews:9080/reviews/0",
        "istio.canonical_revision": "v1",
        "istio.canonical_service": "productpage",
        "istio.cluster_id": "Kubernetes",
        "istio.mesh_id": "cluster.local",
        "istio.namespace": "bookinfo",
        node_id: "sidecar~10.244.1.11~productpage-v1-5c8d9f7b6d-x2x7k.bookinfo~bookinfo.svc.cluster.local",
        "peer.address": "10.244.1.11",
        request_size: "0",
        response_flags: "UH",
        response_size: "48",
        upstream_cluster: "outbound|9080|v2|reviews.bookinfo.svc.cluster.local",
        "upstream_cluster.name": "outbound|9080|v2|reviews.bookinfo.svc.cluster.local",
        user_agent: "tiny",
      },
    });
    const [atDoor, atPage] = meshSpans(stories.healthy);
    expect(atDoor?.tags).toMatchObject({
      "http.url": "http://bookinfo.example.com/productpage",
      "peer.address": "203.0.113.10",
      node_id: expect.stringMatching(/^router~/),
    });
    expect(atPage?.tags).toMatchObject({
      "http.url": "http://bookinfo.example.com/productpage",
      upstream_cluster: "inbound|9080||",
    });
  });
});

describe("backends", () => {
  const spans = meshSpans(stories.delay);

  test("a memory source is given what a reader of Zipkin gets", () => {
    const wire: unknown = JSON.parse(JSON.stringify(zipkinSpans(spans)));
    expect(tracesOfSpans(spans)).toEqual(decodeZipkin("zipkin", [wire], null).traces);
  });

  test("OTLP keeps ids, times, kinds, tags and errors", () => {
    const wire: unknown = JSON.parse(JSON.stringify({ result: otlpSpans(spans) }));
    const [stored] = tracesOfSpans(spans);
    const [decoded] = decodeJaegerOtlp("jaeger", wire).traces;
    const plain = (trace: typeof stored) =>
      trace?.spans.map(({ events: _events, tags, ...rest }) => ({
        ...rest,
        url: tags["http.url"],
        ip: tags["net.host.ip"],
      }));
    expect(plain(decoded)).toEqual(plain(stored));
  });
});
