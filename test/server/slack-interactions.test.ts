import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type FastifyInstance, fastify } from "fastify";
import { signedRequest } from "../../src/demo/slack/press.js";
import { MeshlensError } from "../../src/errors.js";
import { answerErrors } from "../../src/server/error-answers.js";
import { interactionsPath, registerSlackInteractions } from "../../src/server/slack-interactions.js";
import type { PressDesk } from "../../src/slack/interactions/carry-out-press.js";
import { anchorMessage } from "../../src/slack/message/anchor-message.js";
import { createSlackWebApi } from "../../src/slack/web-api.js";
import { makeMessageInput } from "../support/slack/message-inputs.js";
import { type SlackStandIn, startSlackStandIn } from "../support/slack/stand-in.js";
import { waitUntil } from "../support/wait-until.js";

const input = makeMessageInput();
const incidentId = input.incident.id;

describe("the route of interactions", () => {
  let slack: SlackStandIn;
  let app: FastifyInstance;
  let url = "";
  let nowMs = Date.now();
  let ts = "";
  let resolvedAtMs: number | null = null;
  let acknowledgedBy: string | null = null;
  let failure: Error | null = null;
  const done: unknown[] = [];

  const desk: PressDesk = {
    async acknowledge(id, by) {
      if (failure !== null) throw failure;
      if (id !== incidentId) return null;
      done.push(["acknowledge", by]);
      acknowledgedBy ??= by;
      return { resolvedAtMs, acknowledged: { by: acknowledgedBy } };
    },
    async silence(_, by, forMs) {
      done.push(["silence", by, forMs]);
      return { resolvedAtMs, acknowledged: null };
    },
    async refreshEvidence() {
      done.push(["refresh"]);
      return resolvedAtMs === null ? { resolvedAtMs, acknowledged: null } : null;
    },
  };

  beforeEach(async () => {
    [nowMs, resolvedAtMs, acknowledgedBy, failure] = [Date.now(), null, null, null];
    done.length = 0;
    slack = await startSlackStandIn({ nowMs: () => nowMs });
    app = fastify();
    answerErrors(app);
    const { signingSecret, apiUrl } = slack;
    registerSlackInteractions(app, { signingSecret, apiUrl, desk, clock: { nowMs: () => nowMs } });
    url = `${await app.listen({ host: "127.0.0.1", port: 0 })}${interactionsPath}`;
    const api = createSlackWebApi({ token: slack.token, apiUrl });
    const metadata = {
      event_type: "meshlens_incident",
      event_payload: { incident_id: incidentId, delivery_id: "d", state: "FIRING" },
    } as const;
    const posted = await api.post({
      channel: "#mesh-alerts",
      message: anchorMessage(input),
      metadata,
      threadTs: null,
      isBroadcast: false,
    });
    ts = posted.kind === "ok" ? posted.value.ts : "";
  });
  afterEach(async () => {
    await app.close();
    await slack.close();
  });

  const press = (actionId: string, value: string, name = "ada") =>
    slack.press({ channelId: "C0MESH", ts, actionId, value, user: { id: "U0ADA", name } }, url);
  const whispers = () => slack.workspace.channels[0]?.messages[0]?.whispers.map(({ text }) => text) ?? [];

  test("does what is pressed in the name of the one who pressed", async () => {
    expect(await press("meshlens_acknowledge", incidentId)).toBe(200);
    expect(await press("meshlens_silence", `4h ${incidentId}`, "bob")).toBe(200);
    expect(await press("meshlens_silence", `resolved ${incidentId}`, "bob")).toBe(200);
    expect(await press("meshlens_refresh", incidentId)).toBe(200);
    expect(done).toEqual([
      ["acknowledge", "@ada"],
      ["silence", "@bob", 14_400_000],
      ["silence", "@bob", null],
      ["refresh"],
    ]);
    await waitUntil("the words", () => whispers().length === 1);
    expect(whispers()).toEqual(["Evidence is being gathered anew."]);
  });

  test("says to the second one who acknowledges who was first", async () => {
    await press("meshlens_acknowledge", incidentId);
    await press("meshlens_acknowledge", incidentId, "bob");
    await waitUntil("the words", () => whispers().length === 1);
    expect(whispers()).toEqual(["@ada looks after it already."]);
  });

  test("says so when the incident is over", async () => {
    resolvedAtMs = nowMs;
    await press("meshlens_refresh", incidentId);
    await waitUntil("the words", () => whispers().length === 1);
    expect(whispers()).toEqual(["This incident is over: nothing was done."]);
  });

  const payload = {
    type: "block_actions",
    user: { id: "U0EVE", username: "eve" },
    actions: [{ action_id: "meshlens_acknowledge", value: incidentId }],
  };
  const send = ({ headers, body }: ReturnType<typeof signedRequest>) => fetch(url, { method: "POST", headers, body });

  test("refuses what is forged, late, replayed or not signed, and does nothing then", async () => {
    const forged = await send(signedRequest(payload, "another secret", nowMs));
    expect(forged.status).toBe(401);
    expect(await forged.text()).toContain("slack.signingSecret");
    expect((await send(signedRequest(payload, slack.signingSecret, nowMs - 301_000))).status).toBe(401);
    expect((await send({ ...signedRequest(payload, slack.signingSecret, nowMs), headers: {} })).status).toBe(401);
    expect(done).toEqual([]);
    const good = signedRequest(payload, slack.signingSecret, nowMs);
    expect((await send(good)).status).toBe(200);
    expect((await send(good)).status).toBe(401);
    expect(done).toEqual([["acknowledge", "@eve"]]);
  });

  test("reads the body whatever its content type says, and takes none too large to be a press", async () => {
    const good = signedRequest(payload, slack.signingSecret, nowMs);
    const headers = { ...good.headers, "content-type": "application/json" };
    expect((await send({ ...good, headers })).status).toBe(200);
    const large = signedRequest({ ...payload, message: "x".repeat(1_100_000) }, slack.signingSecret, nowMs);
    expect((await send(large)).status).toBe(413);
  });

  test("lets Slack show that something went wrong when the store does not answer", async () => {
    failure = new MeshlensError("MESHLENS_ERR_STORE_LOCKED", "locked");
    expect(await press("meshlens_acknowledge", incidentId)).toBe(500);
  });

  test("sends words to no address but Slack's", async () => {
    const elsewhere = await startSlackStandIn();
    try {
      const responseUrl = `${elsewhere.origin}/response/x`;
      const asking = {
        ...payload,
        response_url: responseUrl,
        actions: [{ action_id: "meshlens_refresh", value: "x" }],
      };
      expect((await send(signedRequest(asking, slack.signingSecret, nowMs))).status).toBe(200);
      await press("meshlens_refresh", incidentId);
      await waitUntil("the words of a press in Slack", () => whispers().length === 1);
      expect(elsewhere.calls).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });
});
