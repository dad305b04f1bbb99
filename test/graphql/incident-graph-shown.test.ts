// An incident's graph is found by who sees everything: what a caller of some namespaces is shown of it.
import { expect, test } from "@jest/globals";
import { shownGraph } from "../../src/graphql/resolvers/incident-graph.js";
import { drawIncident } from "../../src/picture/draw-incident.js";
import { incidentWords } from "../../src/picture/incident-words.js";
import { makeGraph } from "../support/incident-graph.js";

const window = { fromMs: Date.UTC(2026, 2, 2, 9), toMs: Date.UTC(2026, 2, 2, 10) };
const whole = makeGraph();
const graph = makeGraph({
  nodes: [
    ...whole.nodes.map((node) =>
      node.name === "ratings"
        ? { ...node, suspect: node.suspect && { ...node.suspect, part: { kind: "EDGE" as const, name: "payments" } } }
        : node,
    ),
    {
      service: { cluster: "east", namespace: "secret", name: "payments" },
      name: "payments",
      isAlerting: false,
      suspect: null,
    },
    { service: null, name: "mysql.secret.example.com", isAlerting: false, suspect: null },
  ],
  edges: [
    { ...(whole.edges[0] ?? { callsPer100: 1 }), source: 4, destination: 1 } as (typeof whole.edges)[number],
    { ...(whole.edges[0] ?? { callsPer100: 1 }), source: 1, destination: 5 } as (typeof whole.edges)[number],
    ...whole.edges,
  ],
});
const shownTo = (namespaces: "all" | ReadonlySet<string>) =>
  shownGraph(graph, { sentence: "Likely ratings, called by payments.", window, visibility: { namespaces } });

test("who sees all namespaces is shown all of it", () => {
  const shown = shownTo("all");
  expect(shown.graph).toBe(graph);
  expect(shown).toMatchObject({ title: "reviews.bookinfo", subtitle: "Likely ratings, called by payments." });
});

test("who sees some is shown neither names nor calls nor counts of the others, in no form", () => {
  const shown = shownTo(new Set(["bookinfo"]));
  expect(shown.graph.nodes.map(({ name }) => name)).toEqual(["reviews", "ratings", "productpage", "details"]);
  expect(shown.graph.edges).toHaveLength(3);
  expect(shown.graph.nodes[shown.graph.edges[0]?.destination ?? -1]?.name).toBe("ratings");
  const all = `${JSON.stringify(shown)} ${drawIncident(shown)} ${incidentWords(shown)}`;
  expect(all).not.toMatch(/payments|mysql|secret|212/);
  expect(shown.subtitle).toBe("2026-03-02 09:00 UTC to 2026-03-02 10:00 UTC");
});
