/** Says a few words to the one who pressed, over the address that came with the press; nobody else sees them. */

/** Says it. Never rejects: what was pressed is done, whatever becomes of the words. */
export type Whisper = (responseUrl: string, text: string) => Promise<void>;

/**
 * A whisper to addresses of Slack, or of the API that is configured instead; to no others, whoever signed the request.
 * @param apiUrl as configured; undefined for Slack's own
 */
export function createWhisper(apiUrl: string | undefined, timeoutMs = 5_000): Whisper {
  const origin = apiUrl === undefined ? "https://hooks.slack.com" : new URL(apiUrl).origin;
  return async (responseUrl, text) => {
    if (!URL.canParse(responseUrl) || new URL(responseUrl).origin !== origin) return;
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    await fetch(responseUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ response_type: "ephemeral", replace_original: false, text: escaped }),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    }).then(
      (answer) => answer.arrayBuffer(),
      () => null,
    );
  };
}
