import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { acts } from "../e2e/programme.js";
import { engineerOf, type Page, type View } from "../e2e/questions.js";
import { near, p95MsOf } from "../e2e/reading.js";
import { type DemoThread, startDemoThread } from "../e2e/start-demo-thread.js";
import { stories } from "../e2e/stories/known-stories.js";
import { waitUntil } from "../support/wait-until.js";
import { fetchText, posting } from "./backends/http-json.js";
import { jaegerReceiver } from "./backends/jaeger.js";
import type { SpanReceiver } from "./backends/load-spans.js";
import { zipkinReceiver } from "./backends/zipkin.js";
import { generationNames, generations } from "./joined-mesh.js";
import { readTestState } from "./state-file.js";

// The demo's telemetry of the same simulated minutes, back-filled into Prometheus when it was started and fed to the others while time
// passes. Kubernetes is the demo's own until there is a source for a cluster (issue 8).
const state = readTestState();
const logStores = generationNames.map((name) => state[generations[name].logs].url);
const receivers = [jaegerReceiver(state.jaeger), zipkinReceiver(state.zipkin)];
const tracesPerCall = 50;

const real = Object.fromEntries(
  generationNames.map((name) => [
    name,
    {
      PROMETHEUS_URL: state[generations[name].prometheus].url,
      JAEGER_URL: state.jaeger.url,
      ZIPKIN_URL: state.zipkin.url,
      ELASTICSEARCH_URL: state[generations[name].logs].url,
    },
  ]),
);

/** By OTLP, as users feed one; a Jaeger of somebody's own may have its Zipkin receiver named alone. */
function jaegerFeed() {
  const { otlpIngestUrl, zipkinIngestUrl } = state.jaeger;
  if (otlpIngestUrl !== undefined) return { kind: "jaeger" as const, url: otlpIngestUrl };
  return { kind: "zipkin" as const, url: zipkinIngestUrl ?? "" };
}

/** Waits until a backend tells of every span it was sent. */
async function untilHeld(receiver: SpanReceiver, spansOfTrace: ReadonlyMap<string, number>): Promise<void> {
  const ids = [...spansOfTrace.keys()];
  for (let at = 0; at < ids.length; at += tracesPerCall) {
    const part = ids.slice(at, at + tracesPerCall);
    const holdsAll = async () => {
      const held = new Map(await receiver.spanCounts(part));
      return part.every((id) => (held.get(id) ?? 0) >= (spansOfTrace.get(id) ?? 0));
    };
    await waitUntil(`the demo's traces in ${receiver.server}`, holdsAll, { limitMs: 30_000 });
  }
}

/** What must be the same wherever telemetry is kept. Quantiles are apart: either side interpolates for itself. */
function numbersOf(page: Page) {
  const viewOf = ({ latency: _, ...view }: View) => view;
  const { golden, dependencies, errors, changes, health } = page;
  return {
    golden: { ...viewOf(golden), server: viewOf(golden.server) },
    edges: dependencies.edges.map(({ golden: own, source, destination, connectionErrorRatio }) => {
      const counts = [own, own.server].map(({ requestCount, failures }) => ({ requestCount, failures }));
      return { edge: `${source.label} > ${destination.label}`, counts, connectionErrorRatio };
    }),
    errors: errors.totalCount,
    changes,
    health,
  };
}

describe("a demo that feeds real backends", () => {
  let demo: DemoThread;
  beforeAll(async () => {
    const feeds = [
      jaegerFeed(),
      { kind: "zipkin" as const, url: state.zipkin.url },
      ...logStores.map((url) => ({ kind: "elasticsearch" as const, url })),
    ];
    demo = await startDemoThread({ proxies: "istio", real, feeds });
  });
  afterAll(() => demo.close());

  describe.each(acts)("$scenario", (act) => {
    beforeAll(async () => {
      const { spansOfTrace } = await demo.play(act.endMs);
      await Promise.all([
        ...receivers.map((receiver) => untilHeld(receiver, spansOfTrace)),
        ...logStores.map((url) => fetchText(`${url}/logstash-*/_refresh`, posting("application/json", ""))),
      ]);
    });

    test.each(generationNames)("shows what its story says over %s", async (generation) => {
      await stories[act.scenario](engineerOf(demo.ask(generation), act));
    });

    test.each(generationNames)("%s answers what the embedded backends do", async (generation) => {
      const [embedded, fed] = [engineerOf(demo.ask("embedded"), act), engineerOf(demo.ask(generation), act)];
      for (const name of ["productpage", "reviews", "ratings", "details"]) {
        const [expected, found] = [await embedded.page(name), await fed.page(name)];
        expect(numbersOf(found)).toEqual(numbersOf(expected));
        near(p95MsOf(found.golden), p95MsOf(expected.golden), 0.05);
      }
    });
  });
});
