/** An incoming webhook: posts to its one channel and tells nothing of where, so nothing is edited, answered or looked up. */
import { failureOf, limitMs, refusal, statusFailure } from "./call-result.js";
import type { CallResult, SlackPort } from "./slack-port.js";

const notHere: CallResult<never> = { kind: "refused", error: "not_supported_by_webhooks", needed: null };

/** The port over a webhook; its URL is a secret. */
export function createSlackWebhook(options: { readonly url: string; readonly timeoutMs?: number }): SlackPort {
  const { url, timeoutMs = 10_000 } = options;
  return {
    canEdit: false,
    update: async () => notHere,
    find: async () => notHere,
    upload: async () => notHere,
    async post({ message: { text, blocks } }) {
      try {
        const answer = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ text, blocks }),
          redirect: "error",
          signal: AbortSignal.timeout(timeoutMs),
        });
        const said = (await answer.text()).slice(0, 200).trim();
        if (answer.status === 429) {
          return {
            kind: "rate-limited",
            retryAfterMs: limitMs(Number(answer.headers.get("retry-after")) || undefined),
          };
        }
        if (answer.status === 200 && said === "ok")
          return { kind: "ok", value: { channel: "", ts: "", threadTs: null } };
        if (answer.status >= 500) return statusFailure(answer.status);
        return refusal(said);
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}
