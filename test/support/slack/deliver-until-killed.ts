/**
 * Run as a process: tells the course of an incident to a stand-in of Slack, one piece of news after the other, and ends when all of it
 * is out. Whoever started it kills it in between; started again it goes on. Arguments: the store's URL, the API's URL, the token, the instant it fired.
 */
import { createNotifier } from "../../../src/slack/create-notifier.js";
import { incidentDeliveries } from "../../../src/slack/incident-deliveries.js";
import { createSlackWebApi } from "../../../src/slack/web-api.js";
import { openStore } from "../../../src/store/open-store.js";
import { waitUntil } from "../wait-until.js";
import { news } from "./delivery-story.js";
import { makeMessageIncident, makeMessageInput, resolved } from "./message-inputs.js";

const [url = "", apiUrl = "", token = "", firedAt = "0"] = process.argv.slice(2);
const store = await openStore({ url });
const notifier = createNotifier({
  outbox: store.outbox,
  slack: createSlackWebApi({ token, apiUrl }),
});
await notifier.start();
for (const [index, [moment, differently]] of news.entries()) {
  const incident = makeMessageIncident({ ...(moment === "RESOLVED" ? resolved : {}), ...differently });
  const message = makeMessageInput({ incident, ...(moment === "FIRED" && { evidence: null }) });
  const event = { moment, number: index + 1, atMs: Number(firedAt) + index, message };
  await store.outbox.enqueue(incidentDeliveries(event, [{ channel: "#mesh-alerts", canEdit: true }]));
  notifier.wake();
  await waitUntil("everything is out", async () => {
    const { QUEUED, SENDING, AMBIGUOUS, FAILED } = await store.outbox.counts();
    return QUEUED + SENDING + AMBIGUOUS + FAILED === 0;
  });
}
await notifier.close();
await store.close();
