import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { GraphEdge, GraphNode, IncidentGraph } from "../../src/diagnosis/incident-graph.js";
import { drawIncident } from "../../src/picture/draw-incident.js";
import { incidentWords } from "../../src/picture/incident-words.js";
import { renderIncident } from "../../src/picture/render-incident.js";
import { makeGraph } from "../support/incident-graph.js";

const picture = { title: "reviews.bookinfo · availability", subtitle: "Likely ratings.", graph: makeGraph() };
const isPng = (png: Buffer) => png.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));

describe("the picture of an incident", () => {
  test("marks who suffers and who is suspected in words, and says what differs on calls", () => {
    const svg = drawIncident(picture);
    for (const words of [
      "its requests suffer",
      "suspect 1, likely",
      "rule VirtualService ratings",
      "94 % fail, was 0 %",
    ])
      expect(svg).toContain(`>${words}<`);
    expect(svg).toContain("Not drawn: 212 more services and 480 more calls, with 3 % of the excess.");
    // A call that is as before has no words.
    expect(svg).not.toContain("2 ms, was 2 ms");
  });

  test("is the same bytes every time, a PNG of twice its size", () => {
    const [one, other] = [renderIncident(picture), renderIncident(picture)];
    expect(one.png.equals(other.png)).toBe(true);
    expect(isPng(one.png)).toBe(true);
    expect(one.png.readUInt32BE(16)).toBe(2 * Number(/width="(\d+)"/.exec(drawIncident(picture))?.[1]));
  });

  test("is told in words with its numbers", () => {
    expect(incidentWords(picture)).toBe(
      "reviews.bookinfo · availability. The calls that matter. requests of reviews.bookinfo suffer. " +
        "suspect 1, likely: ratings.bookinfo (rule VirtualService ratings). " +
        "reviews to ratings: 94 % fail, was 0 %; 7,010 ms, was 4 ms. productpage to reviews: 80 % fail, was 0 %. " +
        "Not drawn: 212 more services and 480 more calls, with 3 % of the excess.",
    );
  });

  test("says so when nothing is known", () => {
    const graph = makeGraph({ measure: null, nodes: [], edges: [] });
    expect(drawIncident({ ...picture, graph })).toContain("Nothing is known of any call.");
    expect(incidentWords({ ...picture, graph })).toContain("no call fails more or takes longer than before");
  });

  test("is a bounded picture whatever the names and figures are", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom("</text><script>", "\u0000\ufffe", "\u202e<&", "x".repeat(5_000)),
    );
    const figure = fc.double({ noNaN: true, min: 0, max: 1e9 });
    const compared = fc.record({ incident: figure, before: fc.option(figure) });
    const node: fc.Arbitrary<GraphNode> = fc.record({
      service: fc.option(fc.record({ cluster: text, namespace: text, name: text })),
      name: text,
      isAlerting: fc.boolean(),
      suspect: fc.option(
        fc.record({
          rank: fc.integer({ min: 1, max: 5 }),
          grade: fc.constantFrom("LIKELY" as const, "POSSIBLE" as const),
          score: figure,
          part: fc.option(fc.record({ kind: fc.constantFrom("POD" as const, "EXTERNAL" as const), name: text })),
        }),
      ),
    });
    const graph = fc.array(node, { minLength: 1, maxLength: 15 }).chain((nodes) => {
      const place = fc.nat(nodes.length - 1);
      const edge: fc.Arbitrary<GraphEdge> = fc.record({
        source: place,
        destination: place,
        callsPer100: figure,
        failedRatio: compared,
        callMs: fc.option(compared),
        excessFailedPer100: figure,
        excessMs: fc.option(figure),
        weight: fc.double({ noNaN: true, min: 0, max: 1 }),
      });
      return fc.record<IncidentGraph>({
        measure: fc.constantFrom("FAILED" as const, "TIME" as const, null),
        basis: fc.constant("TRACES" as const),
        nodes: fc.constant(nodes),
        edges: fc.array(edge, { maxLength: 24 }),
        rest: fc.record({ nodeCount: fc.nat(), edgeCount: fc.nat(), excessRatio: fc.constant(0.5) }),
      });
    });
    fc.assert(
      fc.property(graph, text, (one, title) => {
        const any = { title, subtitle: title, graph: one };
        const { png, altText } = renderIncident(any);
        expect(isPng(png)).toBe(true);
        expect(altText.length).toBeLessThanOrEqual(1_000);
        expect(png.readUInt32BE(16)).toBeLessThanOrEqual(2_600);
        const svg = drawIncident(any);
        expect(svg).not.toMatch(/NaN|Infinity|<script/);
        expect(svg.length).toBeLessThan(60_000);
      }),
      { numRuns: 15 },
    );
  });
});
