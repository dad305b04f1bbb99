import { describe, expect, test } from "@jest/globals";
import { embeddedConfig } from "../../src/config/load-config.js";
import { slackSchema } from "../../src/config/slack-schema.js";
import { openDemoSlack } from "../../src/server/open-demo-slack.js";
import { trySlack } from "../../src/slack/try-slack.js";
import { createSlackWebApi } from "../../src/slack/web-api.js";
import { systemClock } from "../../src/telemetry/clock.js";

const loaded = embeddedConfig({});

describe("the Slack of a demo", () => {
  test("can do all that Meshlens asks of a Slack, with a token and a secret that no log shows", async () => {
    const slack = await openDemoSlack(loaded, systemClock);
    try {
      const section = slack?.loaded.config.slack;
      const [token, secret] = [section?.token ?? "", section?.signingSecret ?? ""];
      expect(slack?.loaded.secrets).toEqual(expect.arrayContaining([token, secret]));
      const api = createSlackWebApi({ token, apiUrl: section?.apiUrl });
      const { steps } = await trySlack(api, section?.channel ?? "", Date.now());
      expect(steps.filter(({ isOk }) => !isOk)).toEqual([]);
    } finally {
      await slack?.close();
    }
  });

  test("is not there where the configuration names another", async () => {
    const slack = slackSchema.parse({ token: "xoxb-of-a-real-one", channel: "#alerts" });
    expect(await openDemoSlack({ ...loaded, config: { ...loaded.config, slack } }, systemClock)).toBeNull();
  });
});
