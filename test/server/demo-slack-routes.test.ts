import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type FastifyInstance, fastify } from "fastify";
import { createAuthenticate } from "../../src/access/authenticate.js";
import { registerDemoSlack } from "../../src/server/demo-slack-routes.js";
import { answerErrors } from "../../src/server/error-answers.js";
import { type SlackStandIn, startSlackStandIn } from "../support/slack/stand-in.js";

const button = {
  type: "actions",
  block_id: "b",
  elements: [{ type: "button", action_id: "ack", value: "one", text: { type: "plain_text", text: "Yes" } }],
};

describe("the inbox of the demo", () => {
  let slack: SlackStandIn;
  let app: FastifyInstance;
  let interactionsUrl: string | null = null;
  const pressed: { readonly signature: string; readonly body: string }[] = [];

  beforeEach(async () => {
    pressed.length = 0;
    slack = await startSlackStandIn();
    app = fastify();
    answerErrors(app);
    registerDemoSlack(app, {
      standIn: slack,
      authenticate: createAuthenticate("none"),
      interactionsUrl: () => interactionsUrl,
    });
    app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) =>
      done(null, body),
    );
    app.post("/taken", async ({ headers, body }) => {
      pressed.push({ signature: String(headers["x-slack-signature"]), body: String(body) });
      return "";
    });
    interactionsUrl = `${await app.listen({ host: "127.0.0.1", port: 0 })}/taken`;
  });
  afterEach(async () => {
    await app.close();
    await slack.close();
  });

  const [post, get] = [
    () => {
      const [channel] = slack.workspace.channels;
      if (channel === undefined) throw new Error("the stand-in has a channel");
      const rest = { threadTs: null, metadata: null, isBroadcast: false, fileIds: [], byWebhook: false };
      return slack.workspace.post(channel, { ...rest, text: "PAGE ratings", blocks: [button] });
    },
    (url: string, headers = {}) => app.inject({ url, headers }),
  ];

  test("is a page that talks to its own server only", async () => {
    post();
    const page = await get("/demo/slack");
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('data-action="ack"');
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const file of ["inbox.css", "inbox.js"]) expect((await get(`/demo/slack/${file}`)).statusCode).toBe(200);
  });

  test("gives the messages anew only when something changed", async () => {
    const message = post();
    const first = await get("/demo/slack/messages");
    const tag = { "if-none-match": String(first.headers.etag) };
    expect((await get("/demo/slack/messages", tag)).statusCode).toBe(304);
    slack.workspace.edit(message, { ...message, text: "RESOLVED ratings", blocks: null });
    const second = await get("/demo/slack/messages", tag);
    expect(second.body).toContain("RESOLVED ratings");
  });

  test("shows pictures that are complete, and no others", async () => {
    const file = { id: "F1", name: "a.png", length: 3, altText: "", bytes: Buffer.from("abc"), asked: 0 };
    slack.workspace.files.set("F1", { ...file, isComplete: false });
    expect((await get("/demo/slack/files/F1")).statusCode).toBe(404);
    slack.workspace.files.set("F1", { ...file, isComplete: true });
    expect((await get("/demo/slack/files/F1")).headers["content-type"]).toBe("image/png");
    expect((await get("/demo/slack/files/constructor")).statusCode).toBe(404);
  });

  const press = (payload: object | string, remoteAddress = "127.0.0.1") =>
    app.inject({ method: "POST", url: "/demo/slack/press", payload, remoteAddress });

  test("takes a press to Meshlens as a signed request, and says how it was answered", async () => {
    const { ts } = post();
    const answer = await press({ channelId: "C0MESH", ts, actionId: "ack", value: "one", user: "ada" });
    expect(answer.json()).toEqual({ status: 200 });
    expect(pressed[0]?.signature).toMatch(/^v0=[0-9a-f]{64}$/);
    const payload = JSON.parse(new URLSearchParams(pressed[0]?.body).get("payload") ?? "") as object;
    expect(payload).toMatchObject({ user: { username: "ada" }, actions: [{ action_id: "ack", value: "one" }] });
  });

  test("takes nothing that the message does not show, that is no JSON, or that comes from another machine", async () => {
    const { ts } = post();
    const good = { channelId: "C0MESH", ts, actionId: "ack", value: "one", user: "ada" };
    expect((await press({ ...good, value: "two" })).json()).toEqual({ status: null });
    expect((await press({ ...good, more: 1 })).statusCode).toBe(400);
    const plain = { "content-type": "text/plain" };
    const url = "/demo/slack/press";
    expect((await app.inject({ method: "POST", url, headers: plain, payload: JSON.stringify(good) })).statusCode).toBe(
      400,
    );
    expect((await press(good, "192.0.2.7")).statusCode).toBe(403);
    expect(pressed).toEqual([]);
  });
});
