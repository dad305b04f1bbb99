import { createServer, IncomingMessage, type Server, ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createWholeMeshTurns } from "../../src/graphql/whole-mesh-turns.js";
import { createHttpClient } from "../../src/http/create-http-client.js";
import { createPrometheusSource } from "../../src/sources/prometheus/prometheus-source.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { waitUntil } from "../support/wait-until.js";
import { type GraphqlServer, startGraphql } from "./support/graphql-server.js";

const emptyVector = JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } });

const never = new AbortController().signal;

function open(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()));
}

describe("turns of questions about the whole mesh", () => {
  test("come two at a time, and the next when an answer is out or its client has gone", async () => {
    const take = createWholeMeshTurns().take;
    const [first, second] = [open(), open()];
    await take({ response: first, signal: never, waitMs: 10_000 });
    await take({ response: second, signal: never, waitMs: 10_000 });
    const came: string[] = [];
    const third = take({ response: open(), signal: never, waitMs: 10_000 }).then(() => came.push("third"));
    const fourth = take({ response: open(), signal: never, waitMs: 10_000 }).then(() => came.push("fourth"));
    expect(came).toEqual([]);
    first.emit("finish");
    first.emit("close");
    await third;
    expect(came).toEqual(["third"]);
    second.emit("close");
    await fourth;
  });

  test("are refused when none comes before the deadline, or nobody waits any more", async () => {
    const take = createWholeMeshTurns().take;
    for (const response of [open(), open()]) await take({ response, signal: never, waitMs: 10_000 });
    const late = take({ response: open(), signal: never, waitMs: 20 });
    await expect(late).rejects.toThrow(/2 at a time, and this one waited 20 ms for its turn/);
    const gone = new AbortController();
    const abandoned = take({ response: open(), signal: gone.signal, waitMs: 10_000 });
    gone.abort();
    await expect(abandoned).rejects.toMatchObject({ code: "MESHLENS_ERR_SERVER_BUSY" });
  });

  test("are shared by the operations of one request", async () => {
    const take = createWholeMeshTurns().take;
    const response = open();
    for (let n = 0; n < 5; n += 1) await take({ response, signal: never, waitMs: 10_000 });
    await take({ response: open(), signal: never, waitMs: 10_000 });
  });
});

describe("questions about the whole mesh", () => {
  let backend: Server;
  let graphql: GraphqlServer;
  /** Queries that wait for their answer, in order of arrival. */
  let held: Array<() => void>;
  let isHolding: boolean;

  beforeEach(async () => {
    held = [];
    isHolding = true;
    backend = createServer((request, response) => {
      const answer = () => response.setHeader("content-type", "application/json").end(emptyVector);
      if (isHolding && request.url?.includes("/query")) held.push(answer);
      else answer();
    }).listen(0, "127.0.0.1");
    await waitUntil("the backend listens", () => backend.listening);
    const url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
    const config = { name: "prometheus", cluster: null, isShard: false, scrapeIntervalMs: 15_000 };
    const http = createHttpClient({ name: "prometheus", url }, { clock: systemClock });
    const metricSources = [createPrometheusSource({ config, http, clock: systemClock })];
    graphql = await startGraphql({ metricSources }, { options: { requestTimeoutMs: 30_000 } });
  });
  afterEach(async () => {
    for (const answer of held) answer();
    await graphql.close();
    backend.closeAllConnections();
    backend.close();
  });

  /** The graph over so many minutes: no two share an answer. */
  async function askGraph(minutes: number) {
    const query = `{ serviceGraph(range: { last: "${minutes}m" }) { edges { reporter } } }`;
    return await graphql.app.inject({ method: "POST", url: "/graphql", payload: { query } });
  }

  test("are refused with 503 and Retry-After where too many wait; other questions are not held up", async () => {
    const waiting = Array.from({ length: 66 }, (_, n) => askGraph(11 + n));
    await waitUntil("somebody asks the backend", () => held.length > 0);
    const other = await graphql.ask({ query: "{ sources { name } }" });
    expect(other.status).toBe(200);
    const refused = await askGraph(10);
    expect(refused.statusCode).toBe(503);
    expect(refused.headers["retry-after"]).toBe("5");
    const [{ message, extensions }] = refused.json().errors;
    expect(message).toMatch(/2 at a time, and 64 of them wait already: ask again/);
    expect(extensions).toMatchObject({ code: "SERVER_BUSY", retryAfterMs: 5_000 });
    isHolding = false;
    for (const answer of held.splice(0)) answer();
    await Promise.all(waiting);
    expect((await askGraph(10)).statusCode).toBe(200);
  });
});
