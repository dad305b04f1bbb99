import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { slackSchema } from "../../src/config/slack-schema.js";
import { createMesh } from "../../src/mesh/create-mesh.js";
import { noClusterNames } from "../../src/mesh/identity/cluster-name.js";
import { noLinkTargets } from "../../src/mesh/links/link-targets.js";
import { createLogger } from "../../src/server/logger.js";
import { openSlack } from "../../src/server/open-slack.js";
import { createSelfMetrics } from "../../src/server/self-metrics.js";
import { openStore } from "../../src/store/open-store.js";
import type { Store } from "../../src/store/store.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { makeEvidence } from "../support/evidence.js";
import { makeSnapshot } from "../support/incident-snapshot.js";
import { waitUntil } from "../support/wait-until.js";

const token = "xoxb-qzqzq-thisisthetoken";
const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const webhookPath = "/services/Tqzqzq/Bqzqzq/thisisthewebhook";

/** Whatever came in, as text: what a proxy's error page may show. */
type Answer = (seen: string, response: ServerResponse) => void;
const json = (body: (seen: string) => object, status = 200): Answer => {
  return (seen, response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body(seen)));
};
const answers: Readonly<Record<string, Answer>> = {
  "an error that is the request": json((seen) => ({ ok: false, error: seen })),
  "a missing scope that is the request": json((seen) => ({
    ok: false,
    error: "missing_scope",
    needed: seen,
    provided: seen,
  })),
  "a revoked token": json((seen) => ({ ok: false, error: "token_revoked", response_metadata: { messages: [seen] } })),
  "a refused message": json((seen) => ({ ok: false, error: "invalid_blocks", errors: [seen] })),
  "a page that shows the request": (seen, response) => response.writeHead(502).end(`<html>${seen}</html>`),
  "a page with status 200": (seen, response) => response.end(`<html>${seen}</html>`),
  "a way to somewhere else": (seen, response) =>
    response.writeHead(302, { location: `http://127.0.0.1:1/${encodeURIComponent(seen)}` }).end(),
  "too many requests": (seen, response) => response.writeHead(429, { "retry-after": "1" }).end(seen),
  "an upload address that is the request": json((seen) => ({
    ok: true,
    ts: "1.1",
    channel: "C1",
    upload_url: seen,
    file_id: seen,
  })),
  "half an answer": (seen, response) => {
    response.writeHead(200, { "content-length": "100000" }).write(seen);
    response.destroy();
  },
};

let store: Store;
const server = createServer();
let answer: Answer = () => {};
let origin = "";
beforeEach(async () => {
  store = await openStore({ url: "file::memory:" });
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => answer(`${request.url} ${JSON.stringify(request.headers)} ${body}`, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await store.close();
});

/** Everything Meshlens says while it delivers one incident with evidence: log at every level, metrics, readiness, what GraphQL reads. */
async function outputOf(section: object): Promise<string> {
  const lines: string[] = [];
  // Nothing is struck out here: what the logger strikes out must not have come that far.
  const logger = createLogger({ level: "trace", secrets: [] }, { write: (line: string) => void lines.push(line) });
  const metrics = createSelfMetrics(new Map());
  const mesh = createMesh({
    metricSources: [],
    traceSources: [],
    logSources: [],
    workloadSources: [],
    clock: systemClock,
    clusters: noClusterNames,
    links: noLinkTargets,
    dialect: null,
  });
  const config = slackSchema.parse(section);
  const slack = openSlack(config, {
    outbox: store.outbox,
    mesh,
    clock: systemClock,
    logger,
    metrics: metrics.slack,
  });
  const term = await slack.startTerm(store.outbox, { isShared: false, isSurelyHeld: () => true });
  const snapshot = makeSnapshot();
  const event = { number: 1, atMs: systemClock.nowMs(), snapshot };
  const news = [...(await term.teller.deliveriesFor([{ ...event, moment: "FIRED", evidence: null }]))];
  await store.outbox.enqueue(news);
  await store.outbox.enqueue(
    await term.teller.deliveriesFor([{ ...event, moment: "EVIDENCE", evidence: makeEvidence() }]),
  );
  term.wake();
  const stored = async () => (await store.outbox.deliveriesOf([snapshot.incident.id]))[0] ?? [];
  // A call to Slack alone may take ten seconds.
  const patient = { limitMs: 60_000 };
  await waitUntil(
    "the first attempt is over",
    async () => (await stored()).some(({ attempts, state }) => attempts > 0 && state !== "SENDING"),
    patient,
  );
  const isChecked = () => config.webhookUrl !== undefined || slack.health().isUsable !== null;
  await waitUntil("the check is over", isChecked, patient);
  const health = slack.health();
  const told = (await stored()).map(({ receipt, error }) => ({ ...slack.describe(receipt), error }));
  await term.close();
  await slack.close();
  return [...lines, JSON.stringify(health), JSON.stringify(told), await metrics.print()].join("\n");
}

describe.each(Object.keys(answers))("%s", (name) => {
  beforeEach(() => {
    answer = answers[name] ?? answer;
  });

  test("leaves the token and the signing secret where they are", async () => {
    const output = await outputOf({ token, signingSecret, channel: "#mesh-alerts", apiUrl: origin });
    expect(output).not.toContain("qzqzq");
    expect(output).not.toContain(signingSecret);
    expect(output).not.toContain("Bearer");
    expect(output).toContain("meshlens_slack_attempts_total");
  });

  test("leaves the webhook's address where it is", async () => {
    const output = await outputOf({ webhookUrl: origin + webhookPath });
    expect(output).not.toContain("qzqzq");
    expect(output).not.toContain("thisisthewebhook");
  });
});

test("an address that nobody answers at is told without secrets", async () => {
  // No port of ours that was closed: another test may have it by then.
  const output = await outputOf({ token, signingSecret, channel: "#mesh-alerts", apiUrl: "http://127.0.0.1:1" });
  expect(output).toMatch(/Slack could not be reached|the connection to Slack broke/);
  expect(output).not.toContain("qzqzq");
});
