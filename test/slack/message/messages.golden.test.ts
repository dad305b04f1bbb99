/** Messages of several incidents, kept as blocks; `npm run golden:write` rewrites them and the diff is read like code. */
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { messageFault } from "../../../src/demo/slack/message-rules.js";
import { anchorMessage } from "../../../src/slack/message/anchor-message.js";
import type { SlackMessage } from "../../../src/slack/message/block.js";
import { escalationMessage, evidenceMessage, resolvedMessage } from "../../../src/slack/message/reply-messages.js";
import { type StormRow, stormMessage } from "../../../src/slack/message/storm-message.js";
import { firedAtMs, makeEvidence } from "../../support/evidence.js";
import { golden } from "../../support/golden.js";
import { repositoryRoot } from "../../support/repository-root.js";
import { makeMessageIncident, makeMessageInput, resolved } from "../../support/slack/message-inputs.js";

const stormRow = (index: number, differently: Partial<StormRow> = {}): StormRow => ({
  service: { cluster: "east", namespace: index % 2 === 0 ? "bookinfo" : "shop", name: `service-${index}` },
  objectiveName: "availability",
  state: "FIRING",
  severity: index % 3 === 0 ? "PAGE" : "TICKET",
  burn: 40 - index,
  ...differently,
});

const gone = makeEvidence({
  chart: null,
  verdict: null,
  suspects: null,
  traces: null,
  logPatterns: null,
  changes: null,
  missing: [
    { part: "SUSPECTS", name: "diagnosis", state: "NOT_CONFIGURED", message: null },
    { part: "CHANGES", name: "kubernetes", state: "NOT_CONFIGURED", message: null },
    { part: "TRACES", name: "jaeger", state: "TIMEOUT", message: "no answer within 10 s" },
    { part: "LOGS", name: "logs", state: "UNAUTHORIZED", message: null },
  ],
});

const messages: Readonly<Record<string, SlackMessage>> = {
  "anchor-firing": anchorMessage(makeMessageInput({ evidence: null })),
  "anchor-evidence": anchorMessage(makeMessageInput()),
  "anchor-nothing-answers": anchorMessage(makeMessageInput({ evidence: gone })),
  "anchor-nobody-suspected": anchorMessage(
    makeMessageInput({
      evidence: makeEvidence({
        verdict: "Nobody is named: 14 requests are too few to tell a cause from chance",
        suspects: [],
      }),
    }),
  ),
  "anchor-ticket-acknowledged": anchorMessage(
    makeMessageInput({
      incident: makeMessageIncident({
        severity: "TICKET",
        acknowledgedBy: "ada",
        silence: { by: "ada", untilMs: firedAtMs + 3_600_000 },
      }),
      isInteractive: false,
    }),
  ),
  "anchor-recovering": anchorMessage(
    makeMessageInput({
      incident: makeMessageIncident({ state: "RECOVERING", recoveredAtMs: firedAtMs + 31 * 60_000 }),
    }),
  ),
  "anchor-resolved": anchorMessage(makeMessageInput({ incident: makeMessageIncident(resolved) })),
  escalation: escalationMessage(makeMessageInput()),
  resolved: resolvedMessage(makeMessageIncident(resolved)),
  evidence: evidenceMessage(makeMessageIncident(), makeEvidence()),
  storm: stormMessage(
    {
      id: "storm-1",
      startedAtMs: firedAtMs,
      endedAtMs: null,
      groups: [
        {
          cause: { service: { cluster: "east", namespace: "bookinfo", name: "ratings" }, by: "SUSPECT" },
          rows: Array.from({ length: 22 }, (_, index) => stormRow(index)),
        },
        { cause: null, rows: [stormRow(30, { state: "RESOLVED", burn: null })] },
      ],
      links: makeEvidence().links.slice(0, 1),
    },
    [{ kind: "here" }],
  ),
};

describe("golden messages", () => {
  test.each(Object.entries(messages))("%s", (name, message) => {
    expect(messageFault(message.text, message.blocks)).toBeNull();
    expect(message.text.length).toBeLessThanOrEqual(1_000);
    expect(message.blocks.length).toBeLessThanOrEqual(20);
    golden(join(repositoryRoot, `test/fixtures/slack-messages/${name}.json`), `${JSON.stringify(message, null, 2)}\n`);
  });
});
