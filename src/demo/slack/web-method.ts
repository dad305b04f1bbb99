/** What a method of Slack's Web API is to the stand-in: arguments in, an answer out. The methods are in the files beside it. */
import type { Workspace } from "./workspace.js";

/** What a method is called with: form fields as text, JSON fields parsed. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Who calls. */
export interface Caller {
  readonly scopes: readonly string[];
  /** Of the stand-in, for the addresses it gives. */
  readonly origin: string;
}

/** An answer of Slack, `ok` in it. */
export type Answer = Readonly<Record<string, unknown>>;

/** A method. */
export type WebMethod = (args: Arguments, caller: Caller, workspace: Workspace) => Answer;

/** `ok: false` with Slack's word for it. */
export function refuse(error: string, more: Answer = {}): Answer {
  return { ok: false, error, ...more };
}

/** The refusal of a caller without a scope; null with it. */
export function lacks(needed: string, { scopes }: Caller): Answer | null {
  return scopes.includes(needed) ? null : refuse("missing_scope", { needed, provided: scopes.join(",") });
}

/** A form's or JSON's `true`. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true" || value === "1";
}
