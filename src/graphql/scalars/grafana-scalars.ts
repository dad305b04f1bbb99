/** Scalars of the `grafana` root: text as Grafana's variables and clock write it. Read only. */
import { readChoice, readEpochMs } from "../../grafana/grafana-choice.js";
import { parseDateTime } from "./date-time.js";
import { defineScalar } from "./define-scalar.js";

/** What a choice of everything is inside: no service, namespace or cluster has this name. */
export const everything = "";

const notAnswered = (value: unknown) => String(value);

/** Epoch ms or RFC 3339; NaN inside for empty text, which is none. */
export const grafanaTimeScalar = defineScalar(
  "GrafanaTime",
  (text) => (text === "" ? Number.NaN : (readEpochMs(text) ?? parseDateTime(text))),
  notAnswered,
  'Write epoch ms or RFC 3339 as text: "1769676060000" or "2026-01-29T08:41:00Z".',
);

/** A variable's value; `everything` inside for no choice. */
export const grafanaChoiceScalar = defineScalar(
  "GrafanaChoice",
  (text) => readChoice(text) ?? everything,
  notAnswered,
  'Write the value as text, such as "bookinfo"; "" for all.',
);
