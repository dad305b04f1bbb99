import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { mrkdwnHtml } from "../../../src/slack/preview/mrkdwn-html.js";
import { type PreviewMessage, previewHtml } from "../../../src/slack/preview/preview-html.js";
import { repositoryRoot } from "../../support/repository-root.js";

const ours =
  /<\/?(?:b|i|s|br|pre|code|time(?: datetime="[\dT:.Z-]+")?|a href="https?:[^"<>]*" rel="noreferrer"|a|span class="mention"|span)>/g;

describe("a preview", () => {
  test("shows bold, code, links, dates and mentions as Slack does", () => {
    expect(
      mrkdwnHtml("*Since* <!date^1^{time}|10:00 UTC>\n`a &lt; b` <https://x.example/?a=1&amp;b=2|here> <!here>"),
    ).toBe(
      '<b>Since</b> <time datetime="1970-01-01T00:00:01.000Z">10:00 UTC</time><br><code>a &#60; b</code> <a href="https://x.example/?a=1&#38;b=2" rel="noreferrer">here</a> <span class="mention">@here</span>',
    );
  });

  test("holds no markup of the message's own", () => {
    const hostile = fc.array(
      fc.oneof(
        fc.constantFrom(
          "<script>alert(1)</script>",
          "<javascript:alert(1)|x>",
          '<https://x" onload="y|z>',
          "<",
          ">",
          "&lt;b&gt;",
          "`",
          "```",
          "*",
          "&amp;lt;",
        ),
        fc.string(),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(hostile, (pieces) => {
        expect(mrkdwnHtml(pieces.join("")).replace(ours, "")).not.toMatch(/[<>"]/);
      }),
    );
  });

  test("shows every golden message whole", () => {
    const folder = join(repositoryRoot, "test/fixtures/slack-messages");
    const messages = readdirSync(folder).map((title) => {
      const { text, blocks } = JSON.parse(readFileSync(join(folder, title), "utf8")) as PreviewMessage;
      return { title, text, blocks };
    });
    const html = previewHtml(messages);
    expect(html).not.toContain("is not shown here");
    expect(html).toContain("<b>Likely cause</b>");
  });

  test("names a block it cannot show", () => {
    expect(previewHtml([{ title: "t", text: "", blocks: [{ type: "video" }, 7] }])).toContain(
      "[block video is not shown here]",
    );
  });
});
