// Hundreds of slow queries against a source that hangs: what is too much is refused at once, and what nobody may hold up goes on.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type FaultServer, startFaultServer } from "../support/fault-server.js";
import { type ConfiguredServer, startConfigured } from "../support/start-configured.js";
import { waitUntil } from "../support/wait-until.js";

const emptyVector = JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } });
const objectives = `apiVersion: meshlens/v1
namespace: shop
objectives:
  - service: cart
    name: orders
    events: { good: 'sum(rate(shop_orders_total{ok="1"}[{{.window}}]))', total: 'sum(rate(shop_orders_total[{{.window}}]))', target: 99% }
`;
const [operations, waitingOperations, asked] = [20, 30, 300];

let backend: FaultServer;
let server: ConfiguredServer;
let hanging = 0;
let measured = 0;
let behindMs = 0;
let isSlow = false;

beforeAll(async () => {
  backend = await startFaultServer();
  backend.behave({
    kind: "handler",
    handle: (request, response) => {
      let text = "";
      request.on("data", (piece) => {
        text += piece;
      });
      request.on("end", () => {
        // Questions of users about the mesh are not answered any more, those of the objective are.
        const query = decodeURIComponent(text);
        if (isSlow && /istio|response_total/.test(query)) hanging += 1;
        else response.setHeader("content-type", "application/json").end(emptyVector);
        if (isSlow && query.includes("shop_orders_total")) measured += 1;
      });
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "meshlens-overload-"));
  writeFileSync(join(folder, "slo.yaml"), objectives);
  server = await startConfigured(
    `
server: { requestTimeoutMs: 60000, limits: { operations: ${operations}, waitingOperations: ${waitingOperations} } }
sources: [{ name: metrics, kind: prometheus, url: "${backend.url}", timeoutMs: 60000, maxConcurrent: 4 }]
slo: { files: ["${folder}/slo.yaml"] }
alerting: { interval: 1s }
store: { url: "file::memory:" }`,
    {},
    { loopDelay: { behindMs: () => behindMs, stop: () => {} } },
  );
});

afterAll(async () => {
  // Answers that hang are cut: nobody waits for them any more.
  await backend.close();
  await server.stop("test over");
});

const get = async (path: string) => (await fetch(server.url + path)).text();
const ready = async () =>
  JSON.parse(await get("/readyz")) as { ready: boolean; alerting: { evaluatedAt: string | null; failing: boolean } };

const acknowledge = 'mutation { acknowledgeAlert(input: { alertId: "none" }) { __typename } }';
const send = (query: string) =>
  fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });

describe("a server asked for more than it can do", () => {
  test("refuses queries with 503 and Retry-After; health, metrics, mutations and evaluations go on", async () => {
    await waitUntil("it has evaluated", async () => (await ready()).alerting.evaluatedAt !== null);
    isSlow = true;
    const leave = new AbortController();
    const refused: Response[] = [];
    const ask = (minutes: number) => {
      const service = `service(ref: { namespace: "shop", name: "cart" }, range: { last: "${minutes}m" }) { id }`;
      const body = JSON.stringify({ query: `query Busy { ${service} }` });
      const headers = { "content-type": "application/json" };
      return fetch(`${server.url}/graphql`, { method: "POST", headers, body, signal: leave.signal })
        .then((answer) => void refused.push(answer))
        .catch(() => {});
    };
    // Of so different ranges that no two share a question.
    const all = Array.from({ length: asked }, (_, n) => ask(70 + 5 * n));
    await waitUntil(
      "those beyond the limits are refused",
      () => refused.length === asked - operations - waitingOperations,
    );
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    const [first] = refused;
    expect(first?.headers.get("retry-after")).toBe("2");
    expect(await first?.json()).toMatchObject({
      errors: [{ extensions: { code: "SERVER_BUSY", retryAfterMs: 2_000 } }],
    });
    // Every place of the source for such questions is taken by one that hangs.
    await waitUntil("all places hang", () => hanging === 4);

    expect(await get("/healthz")).toContain("ok");
    const metrics = await get("/metrics");
    expect(metrics).toContain(`meshlens_graphql_queries{state="running"} ${operations}`);
    expect(metrics).toContain(`meshlens_graphql_queries{state="waiting"} ${waitingOperations}`);
    expect(metrics).toContain(`meshlens_graphql_refused_total{reason="queue"} ${refused.length}`);
    // Their questions get through, by the places kept for them, whatever hangs in all others.
    const [seenAt, measuredThen] = [(await ready()).alerting.evaluatedAt, measured];
    await waitUntil("two more evaluations", async () => {
      const { ready: isReady, alerting } = await ready();
      expect([isReady, alerting.failing]).toEqual([true, false]);
      const isLater = Date.parse(alerting.evaluatedAt ?? "") >= Date.parse(seenAt ?? "") + 2_000;
      return isLater && measured >= measuredThen + 2;
    });
    expect((await send(acknowledge)).status).not.toBe(503);

    leave.abort();
    await Promise.all(all);
    await waitUntil("their places are free again", async () =>
      (await get("/metrics")).includes('meshlens_graphql_queries{state="running"} 0'),
    );
    expect((await send("{ __typename }")).status).toBe(200);
  });

  test("refuses queries while its loop is behind; what nobody may hold up goes on", async () => {
    behindMs = 1_500;
    const refused = await send("{ __typename }");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await refused.json()).toMatchObject({
      errors: [{ message: expect.stringContaining("1500 ms behind"), extensions: { code: "SERVER_BUSY" } }],
    });
    expect((await send(acknowledge)).status).not.toBe(503);
    expect(await get("/healthz")).toContain("ok");
    expect(await get("/metrics")).toContain('meshlens_graphql_refused_total{reason="loop"} 1');
    behindMs = 1_000;
    expect((await send("{ __typename }")).status).toBe(200);
  });
});
