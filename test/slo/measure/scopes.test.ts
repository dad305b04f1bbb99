import { describe, expect, test } from "@jest/globals";
import type { MeshKind } from "../../../src/mesh/mesh.js";
import { checkDialect } from "../../../src/slo/check-dialect.js";
import type { Measurement } from "../../../src/slo/measurement.js";
import { createScrapedMesh, measurerOver, options, scrapeMs, startMs, stepMs } from "./measured-mesh.js";
import { objectivesOf } from "./own-mesh.js";

const entry = (text: string) => `  - service: cart\n    ${text.split("; ").join("\n    ")}\n`;

/** The 5 min window of each objective after eight minutes of `live`, a call of it before each scrape. */
async function measure(entries: readonly string[], live: (mesh: ReturnType<typeof createScrapedMesh>) => void) {
  const mesh = createScrapedMesh();
  const measurer = measurerOver([mesh.source]);
  const objectives = objectivesOf(entries.map((text, i) => entry(`name: o${i}; ${text}`)).join(""));
  let measurements: readonly Measurement[] = [];
  for (let atMs = startMs; atMs <= startMs + 8 * 60_000; atMs += scrapeMs) {
    live(mesh);
    mesh.scrape(atMs);
    if (atMs % stepMs === 0 && atMs > startMs + 60_000) {
      measurements = (await measurer.cycle(atMs, objectives, options())).measurements;
    }
  }
  const five = measurements.map(({ windows }) => windows.find(({ windowMs }) => windowMs === 300_000));
  return { measurements, counts: five.map((window) => [window?.goodCount, window?.totalCount]) };
}

const pod = { job: "istio", instance: "cart:15020", pod: "cart-0" };
const cart = {
  ...pod,
  reporter: "source",
  source_workload: "cart",
  source_workload_namespace: "shop",
  source_canonical_service: "cart",
};

describe("an objective on a part of a service's calls", () => {
  test("counts a version, a route, a caller, and any of them together", async () => {
    const { counts } = await measure(
      [
        "availability: 99%",
        "availability: 99%; version: v2",
        "availability: 99%; route: /pay",
        "availability: 99%; caller: front",
        "availability: 99%; version: v2; caller: front",
        "availability: 99%; version: v2; route: /pay; caller: front",
        "latency: { target: 90%, thresholdMs: 500 }; version: v2; caller: front",
      ],
      (mesh) => {
        mesh.count({ service: "front", from: "door" }, 1);
        mesh.count({ service: "back", from: "door" }, 1);
        mesh.count({ service: "cart", version: "v1", route: "/pay" }, 1);
        mesh.count({ service: "cart", version: "v2", route: "/pay" }, 2);
        mesh.count({ service: "cart", version: "v2", route: "/see" }, 4, 700);
        mesh.count({ service: "cart", version: "v2", route: "/pay", code: "503" }, 8);
        mesh.count({ service: "cart", version: "v2", from: "back", route: "/pay" }, 16);
      },
    );
    expect(counts).toEqual([
      [460, 620],
      [440, 600],
      [380, 540],
      [140, 300],
      [120, 280],
      [40, 200],
      [40, 280],
    ]);
  });

  test("counts a caller that is no service, such as the gateway, by the name of its workload", async () => {
    const { counts } = await measure(["availability: 99%; caller: istio-ingressgateway"], (mesh) => {
      mesh.count({ service: "cart", from: "istio-ingressgateway" }, 2);
      mesh.count({ service: "cart", from: "istio-ingressgateway", code: "503" }, 1);
      mesh.count({ service: "cart" }, 4);
    });
    expect(counts).toEqual([[40, 60]]);
  });

  test("counts the calls that a service makes to a host outside the mesh, and not those of others", async () => {
    const egress = (from: string) => ({
      ...cart,
      source_workload: from,
      source_canonical_service: from,
      destination_service: "api.pay.example.com",
      destination_service_name: "api.pay.example.com",
      destination_service_namespace: "unknown",
      destination_workload: "unknown",
      destination_workload_namespace: "unknown",
      request_protocol: "http",
    });
    const { counts, measurements } = await measure(
      ["availability: 99%; host: api.pay.example.com", "availability: 99%; host: api.other.example.com"],
      (mesh) => {
        mesh.count({ service: "cart" }, 1);
        mesh.count({ service: "back" }, 1);
        mesh.bump("istio_requests_total", { ...egress("cart"), response_code: "200", response_flags: "-" }, 3);
        mesh.bump("istio_requests_total", { ...egress("cart"), response_code: "503", response_flags: "UH" }, 1);
        mesh.bump("istio_requests_total", { ...egress("back"), response_code: "503", response_flags: "UH" }, 5);
      },
    );
    expect(counts[0]).toEqual([60, 80]);
    expect(measurements[1]).toMatchObject({ dataState: "NO_DATA" });
  });

  test("counts connections that were opened, and those that were closed by a failure", async () => {
    const to = (service: string) => ({
      ...cart,
      destination_service: service,
      destination_service_name: service.split(".")[0] ?? "",
      destination_service_namespace: service.includes(".svc.") ? "shop" : "unknown",
      request_protocol: "tcp",
    });
    const { counts } = await measure(["connections: 99%; host: db.example.com", "connections: 99%"], (mesh) => {
      const opened = "istio_tcp_connections_opened_total";
      const closed = "istio_tcp_connections_closed_total";
      const inbound = { ...to("cart.shop.svc.cluster.local"), source_workload: "front" };
      mesh.count({ service: "cart" }, 1);
      mesh.bump(opened, { ...to("db.example.com"), response_flags: "-" }, 4);
      mesh.bump(closed, { ...to("db.example.com"), response_flags: "-" }, 2);
      mesh.bump(closed, { ...to("db.example.com"), response_flags: "UF,URX" }, 1);
      mesh.bump(closed, { ...to("db.example.com"), response_flags: "DC" }, 1);
      mesh.bump(opened, { ...inbound, response_flags: "-" }, 2);
    });
    expect(counts).toEqual([
      [60, 80],
      [40, 40],
    ]);
  });

  test("counts Linkerd's connections to a host and to a service, by errno", async () => {
    const proxy = { job: "linkerd", instance: "cart:4191", pod: "cart-0", namespace: "shop", deployment: "cart" };
    const to = (authority: string) => ({ ...proxy, direction: "outbound", peer: "dst", authority });
    const { counts } = await measure(
      ["connections: 99%; host: db.example.com", "connections: 99%", "connections: 99%; caller: front"],
      (mesh) => {
        const call = { direction: "outbound", tls: "true", status_code: "200", classification: "success" };
        const own = { dst_service: "cart", dst_namespace: "shop", dst_deployment: "cart" };
        const called = { ...proxy, ...call, ...own, deployment: "front", authority: "cart.shop.svc.cluster.local:80" };
        mesh.bump("response_total", called, 1);
        mesh.bump("response_latency_ms_bucket", { ...called, le: "+Inf" }, 1);
        mesh.bump("tcp_open_total", to("db.example.com:5432"), 4);
        mesh.bump("tcp_close_total", to("db.example.com:5432"), 2);
        mesh.bump("tcp_close_total", { ...to("db.example.com:5432"), errno: "ECONNREFUSED" }, 1);
        mesh.bump("tcp_open_total", { ...to("cart.shop.svc.cluster.local:80"), deployment: "front" }, 2);
        mesh.bump("tcp_open_total", { ...to("cart.shop.svc.cluster.local:80"), deployment: "back" }, 1);
        // What the server's proxy accepts is the same connections once more.
        mesh.bump("tcp_open_total", { ...proxy, direction: "inbound", peer: "src" }, 3);
      },
    );
    expect(counts).toEqual([
      [60, 80],
      [60, 60],
      [40, 40],
    ]);
  });

  test("is unknown, and says why, where the mesh's metrics do not tell it", async () => {
    const calls = { job: "linkerd", instance: "front:4191", pod: "front-0", namespace: "shop", deployment: "front" };
    const { measurements } = await measure(
      ["availability: 99%; route: /pay", "availability: 99%; version: v2"],
      (mesh) => {
        const labels = { ...calls, direction: "outbound", tls: "true", status_code: "200", classification: "success" };
        mesh.bump("response_total", { ...labels, authority: "cart.shop.svc.cluster.local:80" }, 1);
        mesh.bump(
          "response_latency_ms_bucket",
          { ...labels, authority: "cart.shop.svc.cluster.local:80", le: "+Inf" },
          1,
        );
      },
    );
    expect(measurements).toMatchObject([
      { dataState: "UNKNOWN", dataReason: expect.stringMatching(/do not name routes .*request_operation/) },
      { dataState: "UNKNOWN", dataReason: expect.stringMatching(/do not name versions/) },
    ]);
  });
});

describe("lint of scopes", () => {
  test.each([
    ["connections: 99%; route: /pay", "have no routes"],
    ["availability: 99%; host: h.example.com; caller: front", "cannot stand beside host"],
    ["availability: { target: 99%, view: server }; host: h.example.com", "callers only"],
    ["gauge: { target: 99%, selector: up }; host: h.example.com", "choose what they count"],
  ])("%s is refused", (text, words) => {
    expect(() => objectivesOf(entry(text))).toThrow(words);
  });

  test("connections are refused where no metrics of the configured mesh count them", () => {
    const objectives = objectivesOf(entry("connections: 99%"));
    expect(["ISTIO", "LINKERD", "OTEL", null].map((kind) => checkDialect(objectives, kind as MeshKind | null))).toEqual(
      [
        [],
        [],
        [
          expect.objectContaining({
            code: "SLO_SCOPE",
            path: "connections",
            message: expect.stringMatching(/count no/),
          }),
        ],
        [],
      ],
    );
  });

  test("a route is refused where the configured mesh names none, and not where the mesh is recognised", () => {
    const [pay] = objectivesOf(entry("availability: 99%; route: /pay"));
    if (pay === undefined) throw new Error("no objective");
    expect(checkDialect([pay], null)).toEqual([]);
    expect(checkDialect([pay], "ISTIO")).toEqual([]);
    expect(checkDialect([pay], "LINKERD")).toMatchObject([
      {
        level: "error",
        code: "SLO_SCOPE",
        file: "own.yaml",
        line: 4,
        path: "route",
        message: expect.stringContaining("name no routes"),
      },
    ]);
  });
});
