/** The response_url of a press: an address that takes a few words to whoever pressed, five times in half an hour. */
import { randomBytes } from "node:crypto";
import type { KeptMessage, Workspace } from "./workspace.js";

/** Gives addresses out and takes what is said to them. */
export interface AnswerAddresses {
  /** The last part of an address. */
  open(message: KeptMessage, user: string): string;
  /** Slack's answer: its HTTP status and text. */
  answer(key: string, body: unknown): { readonly status: number; readonly text: string };
}

const lifeMs = 1_800_000;
const mostUses = 5;
const mostOpen = 200;

/** None given out yet. */
export function createAnswerAddresses(workspace: Workspace, nowMs: () => number): AnswerAddresses {
  const open = new Map<string, { readonly message: KeptMessage; readonly user: string; endMs: number; left: number }>();
  return {
    open(message, user) {
      const key = randomBytes(12).toString("hex");
      open.set(key, { message, user, endMs: nowMs() + lifeMs, left: mostUses });
      const [oldest] = open.keys();
      if (open.size > mostOpen && oldest !== undefined) open.delete(oldest);
      return key;
    },
    answer(key, body) {
      const address = open.get(key);
      if (address === undefined) return { status: 404, text: '{"ok":false,"error":"expired_url"}' };
      if (address.endMs < nowMs() || address.left === 0)
        return { status: 404, text: '{"ok":false,"error":"used_url"}' };
      const text = typeof body === "object" && body !== null && "text" in body ? body.text : null;
      if (typeof text !== "string" || text === "") return { status: 400, text: "no_text" };
      address.left -= 1;
      workspace.whisper(address.message, address.user, text);
      return { status: 200, text: "ok" };
    },
  };
}
