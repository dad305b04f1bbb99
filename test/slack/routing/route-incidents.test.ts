import { describe, expect, test } from "@jest/globals";
import { slackSchema } from "../../../src/config/slack-schema.js";
import { isMuted } from "../../../src/slack/routing/mute-windows.js";
import { routeIncidents } from "../../../src/slack/routing/route-incidents.js";
import { firedAtMs } from "../../support/evidence.js";
import { makeSnapshot } from "../../support/incident-snapshot.js";

const config = (more: object) => slackSchema.parse({ token: "xoxb-1", channel: "#all", mentions: ["S0ALL"], ...more });
const channelsOf = (more: object, ...snapshot: Parameters<typeof makeSnapshot>) =>
  routeIncidents(config(more))(makeSnapshot(...snapshot), firedAtMs).map(({ channel }) => channel);
const routes = [
  { severities: ["ticket"], channels: ["#tickets"] },
  { namespaces: ["shop"], services: ["cart"], channels: ["#cart", "#shop", "#cart"], mentions: ["U0CART"] },
  { teams: ["payments"], channels: ["#pay"] },
  { labels: { tier: "1", region: "eu" }, channels: ["#eu"] },
];

describe("routing", () => {
  test.each([
    ["a page that no route fits goes to the default channel", {}, {}, ["#all"]],
    ["by severity", { severity: "TICKET" }, {}, ["#tickets"]],
    ["by namespace and service, to several channels, each once", {}, { service: ["shop", "cart"] }, ["#cart", "#shop"]],
    ["not by half of a route", {}, { service: ["shop", "front"] }, ["#all"]],
    ["by the label team", { labels: { team: "payments" } }, {}, ["#pay"]],
    ["by the label owner", { labels: { owner: "payments" } }, {}, ["#pay"]],
    ["by all labels of a route", { labels: { tier: "1", region: "eu", x: "y" } }, {}, ["#eu"]],
    ["not by one of them", { labels: { tier: "1" } }, {}, ["#all"]],
  ] as const)("%s", (_, snapshot, of, expected) => {
    const [namespace, name] = "service" in of ? of.service : ["bookinfo", "ratings"];
    const service = { cluster: "east", namespace, name };
    expect(channelsOf({ routes }, snapshot, { service })).toEqual(expected);
  });

  test("a route calls its own people, the others those of the section", () => {
    const route = routeIncidents(config({ routes }));
    const cart = makeSnapshot({}, { service: { cluster: "east", namespace: "shop", name: "cart" } });
    expect(route(cart, firedAtMs)[0]?.mentions).toEqual([{ kind: "user", id: "U0CART" }]);
    expect(route(makeSnapshot(), firedAtMs)[0]?.mentions).toEqual([{ kind: "group", id: "S0ALL" }]);
  });

  test("a webhook is one channel without edits", () => {
    const webhook = slackSchema.parse({ webhookUrl: "https://hooks.slack.com/services/T/B/x" });
    expect(routeIncidents(webhook)(makeSnapshot(), firedAtMs)).toMatchObject([{ channel: "webhook", canEdit: false }]);
  });
});

describe("mute windows", () => {
  // A Saturday.
  const at = (time: string) => Date.parse(`2026-11-21T${time}Z`);
  const mute = (window: object) => config({ mute: [window] }).mute;
  const ticket = { severity: "TICKET", namespace: "bookinfo" } as const;

  test.each([
    ["within", { from: "08:00", to: "10:00" }, "09:00", true],
    ["at its beginning", { from: "08:00", to: "10:00" }, "08:00", true],
    ["at its end", { from: "08:00", to: "10:00" }, "10:00", false],
    ["over midnight, before", { from: "22:00", to: "06:00" }, "23:00", true],
    ["over midnight, after", { from: "22:00", to: "06:00" }, "05:59", true],
    ["over midnight, by day", { from: "22:00", to: "06:00" }, "12:00", false],
    ["a night that began on a wanted day", { from: "22:00", to: "06:00", days: ["fri"] }, "05:00", true],
    ["a night that did not", { from: "22:00", to: "06:00", days: ["sat"] }, "05:00", false],
    ["a whole day", { from: "00:00", to: "00:00", days: ["sat"] }, "13:00", true],
    ["another day", { from: "00:00", to: "00:00", days: ["sun"] }, "13:00", false],
    ["in its own time zone", { from: "08:00", to: "09:00", timeZone: "Asia/Kolkata" }, "03:00", true],
    ["not in another's", { from: "08:00", to: "09:00", timeZone: "Asia/Kolkata" }, "08:30", false],
  ])("%s", (_, window, time, expected) => {
    expect(isMuted(mute(window), ticket, at(`${time}:00`))).toBe(expected);
  });

  test("hold back tickets, pages only where that is written, and the named namespaces", () => {
    const all = { from: "00:00", to: "00:00" };
    expect(isMuted(mute(all), { ...ticket, severity: "PAGE" }, firedAtMs)).toBe(false);
    expect(isMuted(mute({ ...all, severities: ["page"] }), { ...ticket, severity: "PAGE" }, firedAtMs)).toBe(true);
    expect(isMuted(mute({ ...all, namespaces: ["shop"] }), ticket, firedAtMs)).toBe(false);
  });
});
