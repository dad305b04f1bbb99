import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Evidence } from "../../../src/alerting/evidence.js";
import { messageFault, textLength } from "../../../src/demo/slack/message-rules.js";
import { anchorMessage } from "../../../src/slack/message/anchor-message.js";
import type { SlackMessage } from "../../../src/slack/message/block.js";
import type { MessageIncident } from "../../../src/slack/message/message-incident.js";
import { escalationMessage, evidenceMessage, resolvedMessage } from "../../../src/slack/message/reply-messages.js";
import { stormMessage } from "../../../src/slack/message/storm-message.js";
import { makeEvidence } from "../../support/evidence.js";
import { markupOf, textsOf } from "../../support/slack/check-message.js";
import { makeMessageIncident, makeMessageInput } from "../../support/slack/message-inputs.js";

const megabyte = "<!channel> ".repeat(95_000);
const hostilePieces = [
  "<!channel>",
  "<!everyone>",
  "<@U123456>",
  "<https://evil.example|click>",
  "&lt;!here&gt;",
  "```",
  "`",
  "*bold*",
  "_x_",
  ":rotating_light:",
  "\u202eevil\u202c",
  "\u200f\u200e\u2067",
  "\u0000\u0007\u001b[31m",
  "\r\n\n\n",
  "&".repeat(3_000),
  ">".repeat(500),
  "\ud800",
  "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
  "👩‍👩‍👧",
  "\u2028",
  megabyte,
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...hostilePieces), fc.string({ unit: "binary" })), { maxLength: 5 })
  .map((pieces) => pieces.join(""));
const url = fc.oneof(
  hostile.map((text) => `https://tools.example/${text}`),
  hostile,
  fc.webUrl(),
  fc.constant("javascript:alert(1)"),
);
const link = fc.record({
  kind: fc.constantFrom("JAEGER" as const, "MESHLENS" as const, "KIBANA" as const),
  name: hostile,
  url,
});
const links = fc.array(link, { maxLength: 30 });
const figure = fc.oneof(fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e12 }));
const service = fc.record({ cluster: hostile, namespace: hostile, name: hostile });
const instant = fc.integer({ min: 0, max: 4e12 });
const listOrNull = <T>(item: fc.Arbitrary<T>) => fc.option(fc.array(item, { maxLength: 12 }));

const condition = fc.record({
  tier: hostile,
  severity: fc.constantFrom("PAGE" as const, "TICKET" as const),
  threshold: fc.double({ noNaN: true, min: 0, max: 1e6 }),
  long: fc.record({ windowMs: instant, value: figure }),
  short: fc.record({ windowMs: instant, value: figure }),
  met: fc.boolean(),
  note: fc.option(hostile),
});
const evidence: fc.Arbitrary<Evidence> = fc.record({
  version: fc.constant(1 as const),
  isGathered: fc.boolean(),
  graph: fc.constant(null),
  takenAtMs: instant,
  window: fc.record({ fromMs: instant, toMs: instant }),
  burnConditions: fc.array(condition, { maxLength: 6 }),
  goodCount: figure,
  totalCount: figure,
  budget: fc.option(fc.record({ remainingRatio: figure, exhaustedAtMs: fc.option(instant) })),
  chart: fc.constant(null),
  verdict: fc.option(hostile),
  suspects: listOrNull(
    fc.record({
      service,
      score: fc.double({ noNaN: true, min: 0, max: 1 }),
      grade: fc.constant("STRONG" as const),
      reasons: fc.array(hostile),
    }),
  ),
  traces: listOrNull(
    fc.record({
      traceId: hostile,
      startMs: instant,
      durationMs: fc.double({ noNaN: true, min: 0, max: 1e9 }),
      errorCount: fc.nat(),
      summary: hostile,
      detail: fc.option(hostile),
      faultAt: fc.option(service),
      links,
    }),
  ),
  health: listOrNull(
    fc.record({
      service,
      state: fc.constantFrom("DEGRADED" as const, "DOWN" as const),
      reasons: fc.array(hostile, { maxLength: 6 }),
    }),
  ),
  logPatterns: listOrNull(fc.record({ pattern: hostile, count: fc.nat(), baselineCount: figure, sample: hostile })),
  changes: listOrNull(
    fc.record({
      atMs: instant,
      kind: hostile,
      namespace: fc.option(hostile),
      name: hostile,
      summary: hostile,
      detail: fc.option(hostile),
    }),
  ),
  links,
  missing: fc.array(
    fc.record({
      part: fc.constantFrom("LOGS" as const, "TRACES" as const, "CHANGES" as const),
      name: hostile,
      state: fc.constant("TIMEOUT" as const),
      message: fc.option(hostile),
    }),
    { maxLength: 12 },
  ),
});
const incident: fc.Arbitrary<MessageIncident> = fc.record({
  id: fc.oneof(hostile, fc.constant("incident-1")),
  state: fc.constantFrom("FIRING" as const, "RECOVERING" as const, "RESOLVED" as const),
  severity: fc.constantFrom("PAGE" as const, "TICKET" as const),
  service,
  objective: fc.record({ name: hostile, terms: hostile, badWords: hostile }),
  summary: hostile,
  startedAtMs: instant,
  firedAtMs: fc.option(instant),
  recoveredAtMs: fc.option(instant),
  resolvedAtMs: fc.option(instant),
  burnConditions: fc.array(condition, { maxLength: 6 }),
  goodCount: figure,
  totalCount: figure,
  budget: fc.option(fc.record({ remainingRatio: figure, exhaustedAtMs: fc.option(instant) })),
  budgetSpentRatio: figure,
  acknowledgedBy: fc.option(hostile),
  silence: fc.option(fc.record({ by: hostile, untilMs: fc.option(instant) })),
});

/** Dates, links to http(s) without credentials, and the mention that was allowed: nothing else may be markup. */
function expectHarmless(message: SlackMessage): void {
  expect(messageFault(message.text, message.blocks)).toBeNull();
  expect(message.text.length).toBeLessThanOrEqual(1_000);
  expect(textLength(message.blocks) + message.text.length).toBeLessThanOrEqual(9_000);
  const texts = [{ type: "mrkdwn", text: message.text }, ...textsOf(message.blocks)];
  for (const { type, text } of texts) {
    expect(text).not.toMatch(/(?!\n)\p{Cc}|(?![\u200c\u200d])\p{Cf}/u);
    expect(text).not.toMatch(/\p{Surrogate}/u);
    if (type !== "mrkdwn") continue;
    expect(text.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    for (const markup of markupOf(text)) {
      expect(markup).toMatch(/^(!date\^\d+\^|https?:\/\/[^|\s]+\||!subteam\^S0ONCALL1$)/);
    }
  }
}

const runs = { numRuns: 60 };

describe("a message made of hostile text", () => {
  test("keeps every limit of Slack and marks up nothing but ours, as an anchor", () => {
    fc.assert(
      fc.property(incident, fc.option(evidence), links, fc.boolean(), (one, found, known, isInteractive) => {
        expectHarmless(
          anchorMessage(makeMessageInput({ incident: one, evidence: found, links: known, isInteractive })),
        );
      }),
      runs,
    );
  });

  test("does so in a thread", () => {
    fc.assert(
      fc.property(incident, evidence, (one, found) => {
        expectHarmless(evidenceMessage(one, found));
        expectHarmless(resolvedMessage(one));
        expectHarmless(escalationMessage(makeMessageInput({ incident: one })));
      }),
      runs,
    );
  });

  test("does so as a storm of any size", () => {
    const row = fc.record({
      service,
      objectiveName: hostile,
      state: fc.constantFrom("FIRING" as const, "RESOLVED" as const),
      severity: fc.constantFrom("PAGE" as const, "TICKET" as const),
      burn: figure,
    });
    const cause = fc.record({ service, by: fc.constantFrom("SUSPECT" as const, "TRACES" as const) });
    const group = fc.record({ cause: fc.option(cause), rows: fc.array(row, { maxLength: 40 }) });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 20 }), hostile, links, (groups, id, known) => {
        const mentions = [{ kind: "group", id: "S0ONCALL1" }] as const;
        expectHarmless(stormMessage({ id, startedAtMs: 0, endedAtMs: null, groups, links: known }, mentions));
      }),
      runs,
    );
  });
});

describe("an anchor", () => {
  test("calls only whom the configuration names, by ids that are ids", () => {
    const mentions = [
      { kind: "user", id: "U1|> <!channel>" },
      { kind: "group", id: "S0ONCALL1" },
    ] as const;
    const { blocks } = anchorMessage(makeMessageInput({ mentions }));
    const called = textsOf(blocks).flatMap(({ text }) => markupOf(text).filter((one) => /^[@!](?!date)/.test(one)));
    expect(called).toEqual(["!subteam^S0ONCALL1"]);
  });

  test.each([{ severity: "TICKET" }, { state: "RESOLVED" }] as const)("calls nobody for %p", (differently) => {
    const { blocks } = anchorMessage(makeMessageInput({ incident: makeMessageIncident(differently) }));
    expect(JSON.stringify(blocks)).not.toContain("subteam");
  });

  test("keeps status and links and leaves out log samples first when everything is as long as it may be", () => {
    const long = "&".repeat(5_000);
    const evidence = makeEvidence();
    const full = makeEvidence({
      suspects: evidence.suspects?.map((one) => ({ ...one, reasons: [long] })) ?? null,
      changes: Array.from({ length: 8 }, () => ({
        atMs: 0,
        kind: long,
        namespace: null,
        name: long,
        summary: long,
        detail: null,
      })),
      traces: Array.from({ length: 4 }, () => ({
        traceId: long,
        startMs: 0,
        durationMs: 1,
        errorCount: 1,
        summary: long,
        detail: null,
        faultAt: null,
        links: [],
      })),
      logPatterns: Array.from({ length: 4 }, () => ({
        pattern: "same",
        count: 1,
        baselineCount: 1,
        sample: "the-sample",
      })),
      links: Array.from({ length: 12 }, (_, index) => ({
        kind: "KIBANA" as const,
        name: `l${index}`,
        url: `https://k.example/${index}/${"x".repeat(170)}`,
      })),
    });
    const text = JSON.stringify(
      anchorMessage(makeMessageInput({ evidence: full, incident: makeMessageIncident({ summary: long }) })),
    );
    expect(text).toContain("Error budget left");
    expect(text).toContain("k.example/0/");
    expect(text).toContain("explains 94 %");
  });

  test("leaves a value that is not known out of the figures instead of calling it 0", () => {
    const incident = makeMessageIncident({ goodCount: null, totalCount: null, budget: null, burnConditions: [] });
    const text = JSON.stringify(anchorMessage(makeMessageInput({ incident, evidence: null })));
    expect(text).toContain("*Burn rate*\\nnot known");
    expect(text).toContain("*Failed calls*\\nnot counted");
    expect(text).toContain("*Error budget left*\\nnot known");
  });
});
