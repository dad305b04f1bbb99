import { afterEach, describe, expect, test } from "@jest/globals";
import { MeshlensError } from "../../src/errors.js";
import { createNotifier, type Notifier } from "../../src/slack/create-notifier.js";
import { incidentDeliveries } from "../../src/slack/incident-deliveries.js";
import { createSlackWebApi } from "../../src/slack/web-api.js";
import { openStore } from "../../src/store/open-store.js";
import { makeMessageInput } from "../support/slack/message-inputs.js";
import { startSlackStandIn } from "../support/slack/stand-in.js";
import { waitUntil } from "../support/wait-until.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const fired = () =>
  incidentDeliveries({ moment: "FIRED", number: 1, atMs: Date.now(), message: makeMessageInput({ evidence: null }) }, [
    { channel: "#mesh-alerts", canEdit: true },
  ]);

async function scene() {
  const slack = await startSlackStandIn();
  const store = await openStore({ url: ":memory:" });
  closing.push(
    () => slack.close(),
    () => store.close(),
  );
  const messages = () => slack.workspace.channels[0]?.messages ?? [];
  const api = createSlackWebApi({ token: slack.token, apiUrl: slack.apiUrl });
  const keep = (notifier: Notifier) => {
    closing.push(() => notifier.close());
    return notifier;
  };
  return { slack, store, messages, api, keep };
}

describe("the notifier", () => {
  test("sends what waited at its start, and what comes later when it is woken", async () => {
    const { store, messages, api, keep } = await scene();
    await store.outbox.enqueue(fired());
    const notifier = keep(createNotifier({ outbox: store.outbox, slack: api }));
    await notifier.start();
    await waitUntil("the first message", () => messages().length === 1);
    await store.outbox.enqueue(fired().map((one) => ({ ...one, id: "other", lane: "other" })));
    notifier.wake();
    await waitUntil("the second message", () => messages().length === 2);
  });

  test("takes over what a crash cut short", async () => {
    const { store, messages, api, keep } = await scene();
    const [delivery] = fired();
    await store.outbox.enqueue(fired());
    await store.outbox.begin(delivery?.id ?? "", Date.now());
    await keep(createNotifier({ outbox: store.outbox, slack: api })).start();
    await waitUntil("the message", () => messages().length === 1);
  });

  test("goes on when the store fails for a while", async () => {
    const { store, messages, api, keep } = await scene();
    await store.outbox.enqueue(fired());
    let isBroken = true;
    const told: unknown[] = [];
    const due: typeof store.outbox.due = (...args) => {
      if (!isBroken) return store.outbox.due(...args);
      isBroken = false;
      return Promise.reject(new MeshlensError("MESHLENS_ERR_STORE_LOCKED", "locked"));
    };
    const outbox = { ...store.outbox, due };
    await keep(createNotifier({ outbox, slack: api, onStoreError: (error) => told.push(error) })).start();
    await waitUntil("the message", () => messages().length === 1);
    expect(told).toHaveLength(1);
  });

  test("ends, and begins nothing after its end", async () => {
    const { store, messages, api } = await scene();
    const notifier = createNotifier({ outbox: store.outbox, slack: api });
    await notifier.start();
    await notifier.close();
    await store.outbox.enqueue(fired());
    notifier.wake();
    expect(messages()).toHaveLength(0);
    expect(await store.outbox.counts()).toMatchObject({ QUEUED: 1 });
  });
});
