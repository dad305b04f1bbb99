// A token for one namespace learns nothing of another: every field of the schema and every other way in, asked by each kind of caller, over a
// mesh in which every name of the other namespace bears a canary.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { createExecutableSchema } from "../../src/graphql/executable-schema.js";
import { alertId, deliveryId, serviceId, sloId } from "../../src/graphql/ids.js";
import {
  type CanaryWorld,
  canary,
  type RawAnswer,
  revealed,
  startCanaryWorld,
} from "../support/access/start-canary-world.js";
import { allLeaves, type SweepArguments, type SweepQuery, sweepQueries } from "../support/access/sweep-queries.js";
import { waitUntil } from "../support/wait-until.js";

interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly traceId: string;
  /** A service, an objective, an incident, a message. */
  readonly ids: readonly string[];
}

const schema = createExecutableSchema();
let world: CanaryWorld;
let own: Target;
let foreign: Target;
const missing: Target = {
  namespace: "nowhere",
  name: "nobody",
  traceId: "f".repeat(32),
  ids: [
    serviceId({ cluster: "default", namespace: "nowhere", name: "nobody" }),
    ...[sloId, alertId, deliveryId].map((idOf) => idOf("none")),
  ],
};

beforeAll(async () => {
  world = await startCanaryWorld();
  [own, foreign] = [await targetOf("alpha", "cart"), await targetOf("zqxbravo", "zqxlonely", "zqxvault")];
}, 300_000);
afterAll(() => world.close());

/** What the sees-all token finds of a service; `unwell` is one of its namespace with an incident. */
async function targetOf(namespace: string, name: string, unwell = name): Promise<Target> {
  const query = `{
    service(ref: { namespace: "${namespace}", name: "${name}" }) { id slos { id } traces(first: 20) { nodes { traceId services { ref { namespace } } } } }
    alerts(filter: { service: { namespace: "${namespace}", name: "${unwell}" } }) { nodes { id deliveries { id } } }
  }`;
  const { data } = (await world.ask("admin", query)).json as {
    data: {
      service: {
        id: string;
        slos: { id: string }[];
        traces: { nodes: { traceId: string; services: { ref: { namespace: string } }[] }[] };
      };
      alerts: { nodes: { id: string; deliveries: { id: string }[] }[] };
    };
  };
  const [alert] = data.alerts.nodes;
  const { nodes } = data.service.traces;
  // Of the other namespace's, one that never was in the caller's own.
  const trace = nodes.find(({ services }) => !services.some(({ ref }) => ref.namespace === "alpha")) ?? nodes[0];
  const ids = [data.service.id, data.service.slos[0]?.id, alert?.id, alert?.deliveries[0]?.id];
  return {
    namespace,
    name,
    traceId: trace?.traceId ?? "",
    ids: ids.map((id, index) => {
      if (id === undefined) throw new Error(`${name} has no id ${index}`);
      return id;
    }),
  };
}

const around = 'range: { last: "1h" }';
function argumentsFor({ namespace, name, traceId }: Target, id: string): SweepArguments {
  const ref = `{ namespace: "${namespace}", name: "${name}" }`;
  const rows = `(service: "${name}")`;
  return {
    "Query.node": `(id: "${id}", ${around})`,
    "Query.service": `(ref: ${ref}, ${around})`,
    "Query.services": `(first: 100, ${around})`,
    "Query.serviceGraph": `(${around})`,
    "Query.trace": `(traceId: "${traceId}", ${around})`,
    "Query.diagnosis": `(service: ${ref}, range: { last: "5m" })`,
    "Query.deliveries": "(states: [PENDING, SENT, FAILED, SUPPRESSED], first: 100)",
    "Query.alerts": "(first: 100)",
    "Query.slos": "(first: 100)",
    "Service.logs": "(filter: { lines: ANY }, first: 100)",
    "Service.traces": "(first: 100)",
    "Service.changes": "(first: 100)",
    "Grafana.services": "",
    "Grafana.series": "(measure: REQUEST_RATE)",
    "Grafana.slos": "",
    "Grafana.logs": rows,
    "Grafana.traces": rows,
    "Grafana.links": rows,
    "Grafana.values": "(of: SERVICE)",
    "Mutation.acknowledgeAlert": `(input: { alertId: "${id}" })`,
    "Mutation.silenceAlert": `(input: { alertId: "${id}", for: "1m" })`,
    "Mutation.endSilence": `(input: { alertId: "${id}" })`,
    "Mutation.retryDelivery": `(input: { deliveryId: "${id}" })`,
  };
}

function queriesFor(target: Target): readonly SweepQuery[] {
  const texts = target.ids.flatMap((id) => sweepQueries(schema, "query", argumentsFor(target, id)));
  return [...new Map(texts.map((one) => [one.text, one])).values()];
}

const mutationsFor = (target: Target) =>
  target.ids.flatMap((id) => sweepQueries(schema, "mutation", argumentsFor(target, id)));

/** What a workload of the caller's own namespace itself wrote: cart's line about its failed call, the path it asked for. */
function withoutOwnWords(text: string): string {
  return text.replaceAll(/call of zqxvault failed|\/zqxvault\b/g, "");
}

/** An answer without what differs from one time to the next. */
function lasting({ status, text }: RawAnswer): string {
  const body = text.slice(text.indexOf("\n"));
  return `${status}${body.replaceAll(/"(latencyMs|checkedAt|time)":("[^"]*"|[\d.]+)/g, "")}`;
}

describe("a token for one namespace", () => {
  test("reads every field of its own and of all lists without a trace of the other; the canary is where a token for all asks", async () => {
    const read = new Set<string>();
    const leaks: string[] = [];
    let seenByAdmin = 0;
    const empty: string[] = [];
    for (const { text, leaves, coordinate } of queriesFor(own)) {
      const [admin, alpha] = [await world.ask("admin", text), await world.ask("alpha", text)];
      if (alpha.status !== 200 || admin.status !== 200)
        empty.push(`${coordinate} ${alpha.status} ${admin.status} ${admin.text.slice(-300)}`);
      if (canary.test(revealed(admin.text))) seenByAdmin += 1;
      const found = canary.exec(revealed(withoutOwnWords(alpha.text)));
      if (found !== null)
        leaks.push(`${coordinate}: ${found.input.slice(Math.max(0, found.index - 80), found.index + 40)}`);
      for (const leaf of leaves) read.add(leaf);
    }
    expect(leaks).toEqual([]);
    expect(empty).toEqual([]);
    expect(seenByAdmin).toBeGreaterThan(30);
    const unread = allLeaves(schema).filter((leaf) => !read.has(leaf) && !/^\w+Payload\.|^UserError\./.test(leaf));
    expect(unread).toEqual([]);
  }, 900_000);

  test("is told of what the other namespace has as of what is nowhere, by whatever key it asks", async () => {
    const [there, nowhere] = [queriesFor(foreign), queriesFor(missing)];
    for (const [index, { text, coordinate }] of there.entries()) {
      const answer = await world.ask("alpha", text);
      expect(`${coordinate} ${canary.test(revealed(withoutOwnWords(answer.text)))}`).toBe(`${coordinate} false`);
      const twin = nowhere[index] as SweepQuery;
      expect(twin.coordinate).toBe(coordinate);
      if (/^\{ (node|service|trace|diagnosis|logs|traces|links)\b/.test(text.slice("query ".length)))
        expect(lasting(answer)).toBe(lasting(await world.ask("alpha", twin.text)));
    }
  }, 900_000);

  test("changes nothing of the other namespace, and is told that there is no such thing", async () => {
    const states = () =>
      world.ask(
        "admin",
        "{ alerts(first: 100) { nodes { id acknowledgedBy silencedUntil deliveries { id attempts } } } }",
      );
    const before = await states();
    const [there, nowhere] = [mutationsFor(foreign), mutationsFor(missing)];
    for (const [index, { text }] of there.entries()) {
      const answer = await world.ask("alpha", text);
      expect(lasting(answer)).toBe(lasting(await world.ask("alpha", nowhere[index]?.text ?? "")));
    }
    expect(lasting(await states())).toBe(lasting(before));
  });

  test("hears of its own incidents only", async () => {
    const client = createClient({
      url: `${world.url.replace("http", "ws")}/graphql`,
      webSocketImpl: class extends WebSocket {
        constructor(url: string, protocols: string) {
          super(url, protocols, { headers: { authorization: "Bearer alpha" } });
        }
      },
      retryAttempts: 0,
    });
    const pushed: string[] = [];
    const end = client.subscribe(
      { query: "subscription { alertChanged { id summary acknowledgedBy service { ref { namespace name } } } }" },
      {
        next: (news) => void pushed.push(JSON.stringify(news)),
        error: (error) => void pushed.push(String(error)),
        complete: () => {},
      },
    );
    const acknowledge = (id: string) =>
      world.ask("admin", `mutation { acknowledgeAlert(input: { alertId: "${id}" }) { alert { id } } }`);
    await waitUntil("its own is pushed", async () => {
      await acknowledge(foreign.ids[2] ?? "");
      await acknowledge(own.ids[2] ?? "");
      return pushed.length > 0;
    });
    end();
    await client.dispose();
    expect(pushed.join()).toContain("alpha");
    expect(revealed(pushed.join())).not.toMatch(canary);
  });

  test.each(["/metrics", "/demo/metrics", "/demo/scenario", "/demo/slack", "/demo/slack/messages"])(
    "is refused %s, which tells of all namespaces",
    async (path) => {
      expect((await world.get("admin", path)).status).toBe(200);
      const refused = await world.get("alpha", path);
      expect(refused.status).toBe(403);
      expect(revealed(refused.text)).not.toMatch(canary);
      expect((await world.get(null, path)).status).toBe(401);
    },
  );

  test.each(["/readyz", "/healthz", "/graphiql", "/nowhere", "/demo/slack/inbox.js"])(
    "finds nothing at %s",
    async (path) => {
      expect(revealed((await world.get("alpha", path)).text)).not.toMatch(canary);
      expect((await world.get("alpha", "/readyz")).text).toContain('"objectives":null');
    },
  );
});

describe("a token for a namespace without anything", () => {
  test("sees neither", async () => {
    for (const { text, coordinate } of queriesFor(own)) {
      const { data } = (await world.ask("stranger", text)).json as { data: object };
      const told = revealed(JSON.stringify(data));
      expect(`${coordinate} ${/zqx|alpha|"(cart|front)"/.exec(told)?.[0]}`).toBe(`${coordinate} undefined`);
    }
  }, 900_000);
});

describe("nobody", () => {
  test("is refused every field in the same words", async () => {
    const answers = new Set<string>();
    for (const { text } of [...queriesFor(own), ...mutationsFor(own)])
      answers.add(lasting(await world.ask(null, text)));
    expect(answers.size).toBe(1);
    expect([...answers][0]).toMatch(/^401.*UNAUTHENTICATED/s);
  }, 900_000);
});
