/** What a person pressed under a message of ours, from the body of Slack's request. Pure; called once the request is known to be Slack's. */
import { z } from "zod";
import { cleanLine } from "../../telemetry/clean-text.js";
import { actionIds, silenceChoices } from "../message/links-part.js";

/** What shall be done. */
export type PressedAction =
  | { readonly do: "ACKNOWLEDGE" }
  /** `forMs` null: until it is resolved. */
  | { readonly do: "SILENCE"; readonly forMs: number | null }
  | { readonly do: "REFRESH_EVIDENCE" };

/** A press. */
export interface Press {
  readonly action: PressedAction;
  readonly incidentId: string;
  /** Who pressed, as messages show it: `@ada`. */
  readonly by: string;
  /** Where a few words to that person may be sent; null when Slack gives no address. */
  readonly responseUrl: string | null;
}

const silenceMs: Readonly<Record<(typeof silenceChoices)[number][0], number | null>> = {
  "1h": 3_600_000,
  "4h": 14_400_000,
  resolved: null,
};

const payloadSchema = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string().max(100), username: z.string().optional(), name: z.string().optional() }),
  response_url: z.string().max(2_000).optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
});

/** The press; null for one that is none of ours: another kind of interaction, or a button that a newer version put there. */
export function readPress(body: string): Press | null {
  const payload = payloadSchema.safeParse(parsed(new URLSearchParams(body).get("payload"))).data;
  const [pressed] = payload?.actions ?? [];
  if (payload === undefined || pressed === undefined) return null;
  const chosen = pressed.selected_option?.value.split(" ") ?? [];
  const [choice, ofChoice] = pressed.action_id === actionIds.silence ? chosen : [];
  const incidentId = ofChoice ?? pressed.value ?? "";
  const action = actionOf(pressed.action_id, choice);
  if (action === null || !/^[\w-]{1,140}$/.test(incidentId)) return null;
  const { id, username, name } = payload.user;
  const by = `@${cleanLine(username || name || id, 78) || "somebody"}`;
  return { action, incidentId, by, responseUrl: payload.response_url ?? null };
}

function actionOf(actionId: string, choice: string | undefined): PressedAction | null {
  switch (actionId) {
    case actionIds.acknowledge:
      return { do: "ACKNOWLEDGE" };
    case actionIds.refresh:
      return { do: "REFRESH_EVIDENCE" };
    case actionIds.silence: {
      const known = silenceChoices.find(([value]) => value === choice)?.[0];
      return known === undefined ? null : { do: "SILENCE", forMs: silenceMs[known] };
    }
    default:
      return null;
  }
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
