import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { playedMesh } from "../support/diagnose-scenario.js";
import { everyone, type GraphqlServer, startGraphql } from "./support/graphql-server.js";

interface Piece {
  readonly share: number;
  readonly incident: number;
  readonly expected: number;
  readonly credibility: number;
  readonly weight: number;
  readonly explained: number;
}

interface Told {
  readonly verdict: string;
  readonly suspects: readonly { readonly score: number; readonly pieces: readonly Piece[] }[];
}

const document = `query($service: ServiceRefInput!, $range: RangeInput, $baseline: RangeInput) {
  diagnosis(service: $service, range: $range, baseline: $baseline) {
    verdict sentence
    suspects {
      service { ref { name } } part { kind name } grade score standardError probability
      reasons { kind sentence numbers { name value } }
      pieces { kind name share incident expected credibility weight explained standardError }
      changes { kind name summary }
    }
    cleared { service { ref { name } } sentence }
    missing { pillar message }
    incident { window { from to } windowCount traceCount requestCount badRatio }
    baseline { windowCount traceCount }
    graph { measure nodes { place name service { ref { name } } isSuffering suspectRank } calls { source destination failedRatio callMs weight } rest { nodeCount } svg words }
  }
}`;
const service = { namespace: "bookinfo", name: "reviews" };
const minuteMs = 60_000;
const rangeOf = (fromMs: number, toMs: number) => ({
  absolute: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
});

describe("a diagnosis over GraphQL", () => {
  let server: GraphqlServer;
  let blind: GraphqlServer;
  let [fromMs, toMs] = [0, 0];
  beforeAll(async () => {
    const { sources, clock, window } = await playedMesh("ratings-delay");
    ({ fromMs, toMs } = window);
    server = await startGraphql({ ...sources, clock }, { clock });
    const visibility = { namespaces: new Set(["shop"]) };
    blind = await startGraphql({ ...sources, clock }, { clock, principalOf: () => ({ ...everyone, visibility }) });
  });
  afterAll(() => Promise.all([server.close(), blind.close()]));

  const ask = (of: GraphqlServer, variables: object) =>
    of.ask({ query: document, variables: { service, ...variables } });

  test("names the rule that delays the calls, and its score can be computed again from its pieces", async () => {
    const { errors, data } = await ask(server, { range: rangeOf(fromMs, toMs) });
    expect(errors).toBeUndefined();
    expect(data?.["diagnosis"]).toMatchObject({
      verdict: "SUSPECTS",
      sentence: expect.stringContaining("Likely ratings, rule VirtualService ratings"),
      suspects: expect.arrayContaining([
        expect.objectContaining({
          service: { ref: { name: "ratings" } },
          part: { kind: "RULE", name: "VirtualService ratings" },
          grade: "LIKELY",
          changes: [{ kind: "VirtualService", name: "ratings", summary: expect.stringContaining("7 s delay") }],
        }),
      ]),
      incident: { windowCount: 1 },
      graph: {
        measure: expect.any(String),
        nodes: expect.arrayContaining([
          expect.objectContaining({ service: { ref: { name: "reviews" } }, isSuffering: true }),
          expect.objectContaining({ service: { ref: { name: "ratings" } }, suspectRank: 1 }),
        ]),
        svg: expect.stringContaining("suspect 1, likely"),
        words: expect.stringContaining("reviews to ratings"),
      },
    });
    const told = data?.["diagnosis"] as Told | undefined;
    for (const { score, pieces } of told?.suspects ?? []) {
      expect(pieces.reduce((sum, { explained }) => sum + explained, 0)).toBeCloseTo(score, 6);
      for (const { share, incident, expected, credibility, weight, explained } of pieces)
        expect(share * (incident - expected) * credibility * weight).toBeCloseTo(explained, 6);
    }
  });

  test("compares with the baseline that is given, and with one that is as bad names nobody", async () => {
    const range = rangeOf(toMs - 3 * minuteMs, toMs);
    const calm = await ask(server, { range, baseline: rangeOf(fromMs, fromMs + 8 * minuteMs) });
    expect(calm.data?.["diagnosis"]).toMatchObject({ verdict: "SUSPECTS", baseline: { windowCount: 1 } });
    const bad = await ask(server, { range, baseline: rangeOf(toMs - 6 * minuteMs, toMs - 3 * minuteMs) });
    expect(bad.data?.["diagnosis"]).toMatchObject({ suspects: [] });
  });

  test("is null for a service that is not known or may not be seen; an impossible baseline is told by name", async () => {
    expect((await ask(blind, { range: rangeOf(fromMs, toMs) })).data).toEqual({ diagnosis: null });
    const { errors } = await ask(server, { baseline: rangeOf(toMs, fromMs) });
    expect(errors?.[0]?.message).toContain("baseline");
    expect(errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT" });
  });
});
