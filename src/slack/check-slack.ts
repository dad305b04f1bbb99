/** Whether alerts can arrive, without posting anything: token, scopes, channels. Called at a start and by `meshlens check`. */
import { failureWords } from "./judge-attempt.js";
import type { SlackWebApi } from "./web-api.js";

/** One thing checked. */
export interface SlackFinding {
  readonly name: string;
  /** ERROR: nothing arrives. WARNING: something does without. */
  readonly level: "OK" | "WARNING" | "ERROR";
  /** What was found, or what is wrong and how to mend it; no secrets. */
  readonly message: string;
}

/** Scopes with what Meshlens does without them. */
export const wantedScopes = [
  ["chat:write", "ERROR", "nothing can be sent"],
  ["files:write", "WARNING", "charts and pictures are told in words"],
  ["channels:read", "WARNING", "channels must be configured by id"],
  ["channels:history", "WARNING", "a message that may not have arrived is sent again and may stand there twice"],
] as const;

/** What was found. */
export interface SlackCheck {
  /** The token's first. */
  readonly findings: readonly SlackFinding[];
  /** Of the workspace, for links to messages; null when not known. */
  readonly workspaceUrl: string | null;
}

/** Checks; never rejects. Channels are looked for where the scope allows it. */
export async function checkSlack(
  slack: Pick<SlackWebApi, "identity" | "channelId">,
  channels: readonly string[],
): Promise<SlackCheck> {
  const who = await slack.identity();
  if (who.kind !== "ok") {
    return { findings: [{ name: "token", level: "ERROR", message: failureWords(who) }], workspaceUrl: null };
  }
  const { team, user, scopes, url } = who.value;
  const found: SlackFinding[] = [{ name: "token", level: "OK", message: `${user} in ${team}` }];
  // Slack says them with every answer; a proxy may not.
  if (scopes.length > 0) {
    for (const [scope, level, without] of wantedScopes) {
      if (scopes.includes(scope)) continue;
      const message = `the app lacks the scope ${scope}: add it and install the app again; without it ${without}`;
      found.push({ name: "scopes", level, message });
    }
  }
  for (const channel of channels) {
    const id = await slack.channelId(channel);
    if (id.kind === "ok" && id.value !== null) found.push({ name: channel, level: "OK", message: `is ${id.value}` });
    else if (id.kind === "ok") {
      const message =
        "the app sees no channel of this name: check it, and invite the app with /invite if it is private";
      found.push({ name: channel, level: "ERROR", message });
    } else if (!(id.kind === "refused" && id.error === "missing_scope")) {
      found.push({ name: channel, level: "WARNING", message: `could not be looked for: ${failureWords(id)}` });
    }
  }
  return { findings: found, workspaceUrl: url };
}
