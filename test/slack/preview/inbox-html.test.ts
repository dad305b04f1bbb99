import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type InboxThread, inboxMessages, inboxPage } from "../../../src/slack/preview/inbox-html.js";

const thread = (differently: Partial<InboxThread> = {}): InboxThread => ({
  ts: "1800000000.000001",
  postedMs: 1_800_000_000_000,
  text: "PAGE",
  blocks: null,
  edits: 0,
  editedMs: null,
  earlier: [],
  pictures: [],
  whispers: [],
  repliedTo: null,
  replies: [],
  ...differently,
});
const inbox = (...threads: readonly InboxThread[]) => ({ channelId: "C0MESH", channelName: "mesh-alerts", threads });

const hostilePieces = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '" onmouseover="alert(1)',
  "' autofocus onfocus='alert(1)",
  "<javascript:alert(1)|x>",
  '<https://x.example/" onload="y|z>',
  "<!channel>",
  "&lt;b&gt;",
  "</details></article>",
  "\u202eevil",
  "\u0000\u0007",
  "```",
  "🚨",
];

describe("the inbox page", () => {
  test("shows a message with its edits, its thread, pictures and what can be pressed", () => {
    const actions = [
      {
        type: "actions",
        block_id: "b",
        elements: [
          {
            type: "button",
            action_id: "ack",
            value: "one",
            style: "primary",
            text: { type: "plain_text", text: "Yes" },
          },
          {
            type: "static_select",
            action_id: "silence",
            placeholder: { type: "plain_text", text: "Silence" },
            options: [{ value: "1h one", text: { type: "plain_text", text: "for 1 hour" } }],
          },
        ],
      },
    ];
    const html = inboxMessages(
      inbox(
        thread({
          blocks: actions,
          edits: 2,
          editedMs: 1_800_000_060_000,
          earlier: [{ atMs: 1_800_000_000_000, text: "what it said first" }],
          whispers: [{ atMs: 0, toUser: "ada", text: "for ada" }],
          replies: [
            { ...thread({ ts: "2.1", text: "", pictures: [{ id: "F1", altText: "burn 18×" }] }) },
            { ...thread({ ts: "2.2", text: "a reply" }) },
          ],
        }),
      ),
    );
    expect(html).toContain('<button type="button" class="primary" data-action="ack" data-value="one">Yes</button>');
    expect(html).toContain('<option value="1h one">for 1 hour</option>');
    expect(html).toContain("edited 2 times");
    expect(html).toContain("what it said first");
    expect(html).toContain("2 replies");
    expect(html).toContain('<img src="/demo/slack/files/F1" alt="burn 18×">');
    expect(html).toContain("Only visible to ada");
    expect(html).toMatch(/<details class="thread" data-key="thread 1800000000.000001" open>/);
  });

  test("opens the thread of the newest message that has one, and no other", () => {
    const reply = thread({ ts: "9.9" });
    const html = inboxMessages(
      inbox(thread({ ts: "1.1", replies: [reply] }), thread({ ts: "1.2", replies: [reply] }), thread({ ts: "1.3" })),
    );
    expect(html).toContain('data-key="thread 1.1">');
    expect(html).toContain('data-key="thread 1.2" open>');
  });

  test("says what to do when nothing was said", () => {
    expect(inboxPage(inbox())).toContain("--scenario ratings-delay");
  });

  test("loads nothing from anywhere else and holds no script of its own", () => {
    const html = inboxPage(inbox(thread()));
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      "data:,",
      "/demo/slack/inbox.css",
      "/demo/slack/inbox.js",
    ]);
    expect(html).not.toMatch(/<script>|style="/);
  });

  test("shows hostile words as words, wherever they stand", () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...hostilePieces), fc.string()), { maxLength: 5 })
      .map((pieces) => pieces.join(""));
    const allowed =
      /<(?:\/?(?:article|div|p|b|i|s|br|span|pre|code|details|summary|ol|li|time|button|select|option|svg|path|rect|circle|ellipse|g|a|img))(?: (?:class|data-ts|data-key|data-action|data-value|datetime|aria-hidden|aria-label|type|value|viewBox|role|d|x|y|cx|cy|r|rx|ry|width|height|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin|stroke-dasharray|src|alt|rel|open|href)(?:="[^"<>]*")?)*\/?>/g;
    fc.assert(
      fc.property(text, text, (one, other) => {
        const plain = { type: "plain_text", text: one };
        const blocks = [
          { type: "header", text: plain },
          { type: "section", text: { type: "mrkdwn", text: other } },
          {
            type: "actions",
            elements: [
              { type: "button", action_id: one, value: other, style: one, text: plain },
              { type: "static_select", action_id: other, placeholder: plain, options: [{ value: one, text: plain }] },
              { type: one },
            ],
          },
          { type: other },
        ];
        const whole = inboxMessages(
          inbox(
            thread({
              ts: one,
              blocks,
              editedMs: 1,
              earlier: [{ atMs: 1, text: other }],
              repliedTo: one,
              pictures: [{ id: one, altText: other }],
              whispers: [{ atMs: 1, toUser: one, text: other }],
              replies: [thread({ text: other })],
            }),
          ),
        );
        expect(whole.replace(allowed, "")).not.toMatch(/[<>]/);
        expect(whole).not.toMatch(/ on\w+="|(?:href|src)="\s*javascript:/i);
        expect(whole).not.toContain("\u202e");
        expect(whole).not.toContain("\u0000");
      }),
      { numRuns: 200 },
    );
  });

  test("takes a line of a megabyte without delay in its markup", () => {
    const text = "*a _b ~c `d <e ".repeat(70_000);
    expect(inboxMessages(inbox(thread({ text }))).length).toBeGreaterThan(text.length);
  });
});
