/** The `slack:` section: how to reach Slack, who is told of what, when nobody is. Part of configSchema. */
import { z } from "zod";
import { baseUrl, duration, key, plainText, secretText } from "./key-types.js";

const severities = z.array(z.enum(["page", "ticket"])).min(1);
const names = z.array(plainText).min(1);

const mention = z
  .string()
  .regex(
    /^(here|channel|[UW][A-Z0-9]{2,20}|S[A-Z0-9]{2,20})$/,
    "is none of here, channel, a member's id (U...) and a group's id (S...)",
  );
const mentions = z.array(mention).max(10);

const route = z.strictObject({
  severities: key(severities.optional(), { description: "Incidents of these; left out for both." }),
  namespaces: key(names.optional(), { description: "Of services in these namespaces; left out for all." }),
  services: key(names.optional(), { description: "Of services with these names; left out for all." }),
  labels: key(z.record(plainText, plainText).optional(), {
    description: "Whose objective has all of these labels in its file.",
  }),
  teams: key(names.optional(), { description: "Whose objective has one of these as its label `team` or `owner`." }),
  channels: key(names.max(10), { description: "Where they are told." }),
  mentions: key(mentions.optional(), { description: "Who is called by a page there, instead of `slack.mentions`." }),
});

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is not a time such as 22:00");

const mute = z.strictObject({
  from: key(timeOfDay, { description: "When it begins, such as `22:00`." }),
  to: key(timeOfDay, { description: "When it ends; before `from`: on the next day; equal: a whole day." }),
  days: key(
    z
      .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
      .min(1)
      .optional(),
    {
      description: "Days on which it begins; left out for every day.",
    },
  ),
  timeZone: key(plainText.default("UTC"), { description: "Zone of the times, such as `Europe/Berlin`." }),
  severities: key(severities.default(["ticket"]), { description: "What is held back." }),
  namespaces: key(names.optional(), { description: "Of services in these namespaces; left out for all." }),
});

/** The section. Rules between its keys are checkMeaning's. */
export const slackSchema = z.strictObject({
  token: key(secretText.optional(), { description: "Bot token; or `webhookUrl`.", secret: true }),
  channel: key(plainText.optional(), {
    description: "Channel of whatever no route sends elsewhere, such as `#mesh-alerts`; needed with `token`.",
  }),
  webhookUrl: key(
    secretText
      .refine((text) => URL.canParse(text) && /^https?:/.test(text), "is not an http:// or https:// URL")
      .optional(),
    {
      description:
        "An incoming webhook instead of a bot: posts to its one channel only, without edits, threads, charts and buttons.",
      secret: true,
    },
  ),
  apiUrl: key(baseUrl.optional(), { description: "Another address of Slack's API, for tests and proxies." }),
  signingSecret: key(secretText.optional(), {
    description: "The app's signing secret. With it messages have buttons, and Slack may call `/slack/interactions`.",
    secret: true,
  }),
  mentions: key(mentions.default([]), {
    description: "Who is called by a page: `here`, `channel`, ids of members and groups. Nobody else ever is.",
  }),
  routes: key(z.array(route).max(100).default([]), {
    description: "Who is told where; the first one that fits decides.",
  }),
  mute: key(z.array(mute).max(20).default([]), {
    description: "Times in which nothing is posted; what still burns at their end is told then.",
  }),
  storm: key(
    z
      .strictObject({
        incidents: key(z.int().min(2).max(10_000).default(5), {
          description: "More incidents than this in the window become one message with a table.",
          unit: "incidents",
        }),
        window: key(duration.default("5m"), { description: "See `incidents`.", unit: "duration" }),
      })
      .prefault({}),
    { description: "When many incidents become one message." },
  ),
});

/** The section as it is read. */
export type SlackConfig = z.output<typeof slackSchema>;
