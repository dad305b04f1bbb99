// What a caller's proxy does under configuration that no scenario uses.
import { describe, expect, test } from "@jest/globals";
import { toSubset, virtualService } from "../../../src/demo/meshes/bookinfo/bookinfo-config.js";
import { flakyRatingsImage } from "../../../src/demo/meshes/bookinfo/bookinfo-images.js";
import { bookinfoMesh } from "../../../src/demo/meshes/bookinfo/bookinfo-mesh.js";
import { mysqlSlow } from "../../../src/demo/scenarios/mysql-slow.js";
import { withConfig, withImage } from "../../../src/demo/scenarios/scenario.js";
import type { HttpExchange } from "../../../src/demo/simulation/exchange.js";
import type { HttpRouteSpec } from "../../../src/demo/simulation/manifests.js";
import type { MeshDefinition } from "../../../src/demo/simulation/mesh-definition.js";
import { play } from "../play.js";
import { countOf, everyExchange, meanMsOf } from "../tally.js";

/** Bookinfo whose ratings come from the slow MySQL over this route. */
const slowOver = (route: Omit<HttpRouteSpec, "route">): MeshDefinition => ({
  ...bookinfoMesh,
  state: withConfig(
    mysqlSlow.change(bookinfoMesh.state, bookinfoMesh),
    virtualService("ratings", [{ ...route, route: [toSubset("ratings", "v2")] }]),
  ),
});

/** Bookinfo whose ratings fail half of all attempts over this route. */
const flakyOver = (service: string, route: Omit<HttpRouteSpec, "route">): MeshDefinition => ({
  ...bookinfoMesh,
  state: withConfig(
    withImage(bookinfoMesh.state, "bookinfo/ratings-v1", flakyRatingsImage),
    virtualService(service, [{ ...route, route: [toSubset(service, "v1")] }]),
  ),
});

const callsOf = (pages: readonly HttpExchange[], service: string): readonly HttpExchange[] =>
  pages
    .flatMap((page) => [...everyExchange(page)])
    .filter((call): call is HttpExchange => {
      return call.kind === "http" && call.target.name === service;
    });

describe("a route's timeout", () => {
  test("ends a call as 504 UT, while the server sees its caller go and the application finishes for nobody", () => {
    const { tally } = play("healthy", 60, slowOver({ timeout: "1s" }));
    const timedOut = countOf(tally, "source reviews-v2 ratings ratings-v2 504 UT");
    expect(timedOut).toBe(countOf(tally, "source productpage-v1 reviews reviews-v2 200 -"));
    expect(countOf(tally, "destination reviews-v2 ratings ratings-v2 0 DC")).toBe(timedOut);
    expect(Math.abs(meanMsOf(tally, "source reviews-v2 ratings ratings-v2 504 UT") - 1000)).toBeLessThan(1);
    expect(tally.lines.get("ratings-v2 WARN slow query: SELECT Rating FROM ratings took N ms")).toBe(
      timedOut + countOf(tally, "source reviews-v3 ratings ratings-v2 504 UT"),
    );
  });

  test("leaves answers that came before it to be retried", () => {
    const retries = { attempts: 3, retryOn: "5xx" };
    const { pages } = play("healthy", 60, flakyOver("ratings", { timeout: "2s", retries }));
    expect(callsOf(pages, "ratings").some((call) => call.attempts.length === 4)).toBe(true);
  });

  test("covers the retries: none begins after it", () => {
    const retries = { attempts: 3, retryOn: "5xx" };
    const calls = callsOf(play("healthy", 60, flakyOver("ratings", { timeout: "20ms", retries })).pages, "ratings");
    for (const call of calls) {
      expect(call.client.endMs - call.client.startMs).toBeLessThan(21);
      for (const attempt of call.attempts) expect(attempt.server.startMs - call.client.startMs).toBeLessThan(21);
      if (call.client.status === 504) expect(call.client).toMatchObject({ flags: ["UT"], details: "response_timeout" });
    }
    expect(calls.some((call) => call.client.status === 504)).toBe(true);
  });
});

describe("a timeout per try", () => {
  test("is retried, and the last one is 504 with both reasons", () => {
    const retries = { attempts: 2, perTryTimeout: "500ms", retryOn: "gateway-error" };
    const calls = callsOf(play("healthy", 60, slowOver({ retries })).pages, "ratings");
    expect(calls.length).toBeGreaterThan(100);
    for (const call of calls) {
      expect(call.attempts.map((attempt) => attempt.server.flags)).toEqual([["DC"], ["DC"], ["DC"]]);
      expect(call.client).toMatchObject({ status: 504, flags: ["UT", "URX"], details: "upstream_per_try_timeout" });
    }
  });
});

describe("retries", () => {
  test("follow what the route names: a status, and nothing else", () => {
    const attempts = (retryOn: string): number => {
      const { pages } = play("healthy", 60, flakyOver("ratings", { retries: { attempts: 2, retryOn } }));
      return Math.max(...callsOf(pages, "ratings").map((call) => call.attempts.length));
    };
    expect([attempts("503"), attempts("502,504"), attempts("connect-failure")]).toEqual([3, 1, 1]);
  });
});

describe("faults", () => {
  test("may delay and abort the same call", () => {
    const fault = {
      delay: { fixedDelay: "100ms", percentage: { value: 100 } },
      abort: { httpStatus: 503, percentage: { value: 100 } },
    };
    for (const call of callsOf(play("healthy", 20, slowOver({ fault })).pages, "ratings")) {
      expect(call).toMatchObject({ attempts: [], client: { status: 503, flags: ["DI", "FI"], destination: null } });
      expect(call.client.endMs - call.client.startMs).toBeGreaterThan(100);
    }
  });
});

describe("a service without ready pods", () => {
  test("answers 503 UH and goes silent", () => {
    const ratings = bookinfoMesh.state.deployments.get("bookinfo/ratings-v1");
    if (ratings === undefined) throw new Error("no ratings");
    const deployments = new Map(bookinfoMesh.state.deployments).set("bookinfo/ratings-v1", { ...ratings, replicas: 0 });
    const { tally } = play("healthy", 60, { ...bookinfoMesh, state: { ...bookinfoMesh.state, deployments } });
    expect(countOf(tally, "source reviews-v2 ratings unknown 503 UH")).toBeGreaterThan(50);
    expect([...tally.rows.keys()].filter((key) => /^destination \S+ ratings /.test(key))).toEqual([]);
  });
});

describe("a host nobody declared", () => {
  test("is let through where any traffic is allowed, to the black hole where only the registry is", () => {
    const state = {
      ...bookinfoMesh.state,
      config: new Map([...bookinfoMesh.state.config].filter(([key]) => !/^(Sidecar|ServiceEntry)/.test(key))),
    };
    const { tally } = play("healthy", 20, { ...bookinfoMesh, state });
    expect(tally.tcp).toEqual(new Map([["details-v1 PassthroughCluster -", tally.pages]]));
  });
});
