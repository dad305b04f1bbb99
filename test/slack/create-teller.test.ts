import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { IncidentEvent } from "../../src/alerting/incident-news.js";
import { slackSchema } from "../../src/config/slack-schema.js";
import { createTeller, type Teller } from "../../src/slack/create-teller.js";
import { readPayload } from "../../src/slack/delivery-payload.js";
import { routeIncidents } from "../../src/slack/routing/route-incidents.js";
import { openStore } from "../../src/store/open-store.js";
import type { NewDelivery } from "../../src/store/outbox-store.js";
import type { Store } from "../../src/store/store.js";
import { firedAtMs, makeEvidence } from "../support/evidence.js";
import { makeSnapshot } from "../support/incident-snapshot.js";

const minuteMs = 60_000;
let store: Store;
let nowMs = firedAtMs;
beforeEach(async () => {
  nowMs = firedAtMs;
  store = await openStore({ url: "file::memory:" });
});
afterEach(() => store.close());

function makeTeller(more: object = {}): Teller {
  const config = slackSchema.parse({
    token: "xoxb-1",
    channel: "#all",
    storm: { incidents: 3, window: "5m" },
    ...more,
  });
  return createTeller({
    clock: { nowMs: () => nowMs },
    outbox: store.outbox,
    route: routeIncidents(config),
    linksOf: () => [],
    isInteractive: false,
    storm: { incidents: 3, windowMs: 5 * minuteMs },
  });
}

/** An event of incident `n`; as many services as incidents. */
function event(
  n: number,
  moment: IncidentEvent["moment"],
  differently: Parameters<typeof makeSnapshot>[0] = {},
  evidence: IncidentEvent["evidence"] = null,
): IncidentEvent {
  const service = { cluster: "east", namespace: n % 2 === 0 ? "shop" : "bookinfo", name: `s${n}` };
  const snapshot = makeSnapshot(differently, { id: `o${n}-1-a`, service });
  return { moment, number: 2, atMs: nowMs, snapshot, evidence };
}

async function tell(teller: Teller, ...events: IncidentEvent[]): Promise<readonly NewDelivery[]> {
  const made = await teller.deliveriesFor(events);
  await store.outbox.enqueue(made);
  return made;
}

const over = { state: "RESOLVED" } as const;
const places = (made: readonly NewDelivery[]) =>
  made.map(({ incidentId, channel, payload }) => [incidentId, channel, readPayload(payload)?.kind]);
const textOf = (made: readonly NewDelivery[]) => JSON.stringify(made.map(({ payload }) => payload));

describe("telling by routes", () => {
  test("keeps a message up to date where it stands, whatever the routes say now", async () => {
    const teller = makeTeller({ routes: [{ severities: ["ticket"], channels: ["#tickets"] }] });
    expect(places(await tell(teller, event(1, "FIRED", { severity: "TICKET" })))).toEqual([
      ["o1-1-a", "#tickets", "anchor"],
    ]);
    expect(places(await tell(teller, event(1, "ESCALATED")))).toEqual([
      ["o1-1-a", "#all", "anchor"],
      ["o1-1-a", "#all", "reply"],
      ["o1-1-a", "#tickets", "anchor"],
      ["o1-1-a", "#tickets", "reply"],
    ]);
    expect(places(await tell(teller, event(1, "CHANGED", { state: "RECOVERING" })))).toHaveLength(2);
  });

  test("says nothing of the end of what was never told", async () => {
    expect(await tell(makeTeller(), event(1, "RESOLVED", over))).toEqual([]);
  });

  test("the same events told twice are the same deliveries", async () => {
    const teller = makeTeller();
    const events = [event(1, "FIRED"), event(2, "FIRED")];
    const once = await teller.deliveriesFor(events);
    await store.outbox.enqueue(once);
    expect((await teller.deliveriesFor(events)).map(({ id }) => id)).toEqual(once.map(({ id }) => id));
  });
});

describe("telling in a mute window", () => {
  const night = { mute: [{ from: "09:00", to: "11:00", severities: ["page"] }] };

  test("holds back what fires, and tells what still burns when it is over", async () => {
    const teller = makeTeller(night);
    expect(await tell(teller, event(1, "FIRED"), event(2, "FIRED"))).toEqual([]);
    expect(await tell(teller, event(1, "EVIDENCE", {}, makeEvidence()))).toEqual([]);
    expect(await tell(teller, event(2, "RESOLVED", over))).toEqual([]);
    expect(teller.due()).toEqual([]);
    nowMs += 2 * 3_600_000;
    expect(teller.due()).toEqual(["o1-1-a"]);
    expect(places(await tell(teller, event(1, "FIRED")))).toEqual([["o1-1-a", "#all", "anchor"]]);
    expect(teller.due()).toEqual([]);
  });

  test("edits what stands already, and replies to nothing", async () => {
    nowMs = firedAtMs - 2 * 3_600_000;
    const teller = makeTeller(night);
    await tell(teller, event(1, "FIRED"));
    nowMs = firedAtMs;
    expect(places(await tell(teller, event(1, "RESOLVED", over)))).toEqual([["o1-1-a", "#all", "anchor"]]);
  });

  test("after a restart what nobody was told of is told", async () => {
    const teller = makeTeller(night);
    await tell(teller, event(1, "FIRED"));
    const next = makeTeller(night);
    await next.restore([event(1, "FIRED").snapshot]);
    nowMs += 2 * 3_600_000;
    expect(next.due()).toEqual(["o1-1-a"]);
  });
});

describe("telling of a storm", () => {
  const four = () => [1, 2, 3, 4].map((n) => event(n, "FIRED"));

  test("more than the limit at once are one message with a table, and a list in its thread", async () => {
    const made = await tell(makeTeller(), ...four());
    expect(places(made)).toEqual([
      [null, "#all", "anchor"],
      [null, "#all", "reply"],
    ]);
    expect(new Set(made.map(({ lane }) => lane)).size).toBe(1);
    expect(textOf(made)).toContain("STORM · 4 incidents, 4 open, 4 paging");
    for (const n of [1, 2, 3, 4]) expect(textOf(made)).toContain(`s${n}.`);
  });

  test("counts what fired one by one within the window; those keep their own messages and stand in the table too", async () => {
    const teller = makeTeller();
    for (const n of [1, 2, 3]) {
      expect(places(await tell(teller, event(n, "FIRED")))).toEqual([[`o${n}-1-a`, "#all", "anchor"]]);
      nowMs += minuteMs;
    }
    expect(textOf(await tell(teller, event(4, "FIRED")))).toContain("STORM · 4 incidents");
    const resolved = await tell(teller, event(1, "RESOLVED", over));
    expect(places(resolved)).toEqual([
      [null, "#all", "anchor"],
      ["o1-1-a", "#all", "anchor"],
      ["o1-1-a", "#all", "reply"],
    ]);
    expect(textOf(resolved)).toContain("STORM · 4 incidents, 3 open");
  });

  test("does not begin when they come slowly", async () => {
    const teller = makeTeller();
    for (const n of [1, 2, 3, 4, 5]) {
      expect(places(await tell(teller, event(n, "FIRED")))).toHaveLength(1);
      nowMs += 3 * minuteMs;
    }
  });

  test("those that follow join it; after a quiet window the next are told by themselves", async () => {
    const teller = makeTeller();
    await tell(teller, ...four());
    nowMs += minuteMs;
    const joined = await tell(teller, event(5, "FIRED"));
    expect(places(joined)).toEqual([
      [null, "#all", "anchor"],
      [null, "#all", "reply"],
    ]);
    expect(textOf(joined.slice(1))).not.toContain("s4.");
    nowMs += 6 * minuteMs;
    expect(places(await tell(teller, event(6, "FIRED")))).toEqual([["o6-1-a", "#all", "anchor"]]);
    expect(textOf(await tell(teller, event(2, "RESOLVED", over)))).toContain("5 incidents, 4 open");
  });

  test("is over when all of them are, and a new one is another", async () => {
    const teller = makeTeller();
    const [first] = await tell(teller, ...four());
    nowMs += minuteMs;
    const ended = await tell(teller, ...[1, 2, 3, 4].map((n) => event(n, "RESOLVED", over)));
    expect(places(ended)).toEqual([[null, "#all", "anchor"]]);
    expect(textOf(ended)).toContain("STORM OVER");
    nowMs += minuteMs;
    const [again] = await tell(teller, ...[5, 6, 7, 8].map((n) => event(n, "FIRED")));
    expect(again?.lane).not.toBe(first?.lane);
  });

  test("goes on after a restart", async () => {
    await tell(makeTeller(), ...four());
    const next = makeTeller();
    await next.restore(four().map(({ snapshot }) => snapshot));
    nowMs += minuteMs;
    expect(next.due()).toEqual([]);
    const made = await tell(next, event(1, "RESOLVED", over), event(5, "FIRED"));
    expect(places(made)[0]).toEqual([null, "#all", "anchor"]);
    expect(textOf(made)).toContain("STORM · 5 incidents, 4 open");
  });

  test("groups by suspect where there is one, and shows the evidence in its thread", async () => {
    const teller = makeTeller();
    await tell(teller, ...four());
    const made = await tell(teller, event(1, "EVIDENCE", {}, makeEvidence()));
    expect(textOf(made)).toContain("*Likely cause* `ratings.bookinfo`, 1 incident");
    expect(places(made).map(([, , kind]) => kind)).toEqual(["anchor", "reply"]);
    const nothing = makeEvidence({ traces: null, logPatterns: null, suspects: null });
    expect(await tell(teller, event(2, "EVIDENCE", {}, nothing))).toEqual([]);
  });

  test("without suspects it groups by where most failing traces end, and knows it after a restart", async () => {
    const teller = makeTeller();
    await tell(teller, ...four());
    const [shown, other] = makeEvidence().traces ?? [];
    if (shown === undefined || other === undefined) throw new Error("the evidence has two traces");
    const elsewhere = { ...other, faultAt: { cluster: "east", namespace: "shop", name: "sessions" } };
    const evidence = makeEvidence({ suspects: null, traces: [elsewhere, shown, shown] });
    const made = await tell(teller, event(1, "EVIDENCE", {}, evidence), event(2, "EVIDENCE", {}, evidence));
    expect(textOf(made)).toContain("*Failing traces end in* `ratings.bookinfo`, 2 incidents");
    expect(textOf(made)).toContain("*No common cause known* in `bookinfo`, 1 incident");
    const next = makeTeller();
    await next.restore(four().map(({ snapshot }) => snapshot));
    const later = await tell(next, event(1, "RESOLVED", over));
    expect(textOf(later)).toContain("*Failing traces end in* `ratings.bookinfo`, 2 incidents");
    expect(textOf(await tell(next, event(1, "EVIDENCE", over, makeEvidence())))).toContain("*Likely cause* `ratings");
  });

  test("two objectives of one service are one line of the table, and have one cause", async () => {
    const teller = makeTeller();
    const service = { cluster: "east", namespace: "bookinfo", name: "s1" };
    const [first] = four();
    if (first === undefined) throw new Error("there are four");
    const slow = { ...first, snapshot: makeSnapshot({}, { id: "slow-1-a", service }) };
    await tell(teller, ...four(), slow);
    const [anchor] = await tell(teller, event(1, "EVIDENCE", {}, makeEvidence()));
    const made = textOf(anchor === undefined ? [] : [anchor]);
    expect(made).toContain("*Likely cause* `ratings.bookinfo`, 2 incidents in 1 service");
    expect(made.match(/s1\.bookinfo/g)).toHaveLength(1);
  });

  test("a webhook is told of its beginning and its end", async () => {
    const teller = makeTeller({ token: undefined, channel: undefined, webhookUrl: "https://hooks.slack.com/x" });
    expect(await tell(teller, ...four())).toHaveLength(1);
    nowMs += minuteMs;
    expect(await tell(teller, event(5, "FIRED"))).toHaveLength(0);
    expect(await tell(teller, ...[1, 2, 3, 4, 5].map((n) => event(n, "RESOLVED", over)))).toHaveLength(1);
  });

  test("a thousand at once are one anchor and ten lists, and as many again are no more in memory than their rows", async () => {
    const made = await tell(makeTeller(), ...Array.from({ length: 1_000 }, (_, n) => event(n, "FIRED")));
    expect(made.filter(({ coalesceKey }) => coalesceKey !== null)).toHaveLength(1);
    expect(made).toHaveLength(11);
    for (const { payload } of made) expect(JSON.stringify(readPayload(payload)).length).toBeLessThan(200_000);
  });
});
