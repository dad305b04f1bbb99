/** The product's stand-in of Slack with faults on demand: every way in which a network and Slack can fail. */
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  allScopes,
  type SlackStandIn as ProductStandIn,
  reply,
  type StandInCall,
  startSlackStandIn as start,
} from "../../../src/demo/slack/start-stand-in.js";
import { type Channel, emptyChannel } from "../../../src/demo/slack/workspace.js";

/** How a call goes wrong. `accepted` ones have done their work before. */
export type FaultKind =
  | { readonly kind: "rate-limited"; readonly retryAfterSeconds: number }
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "status"; readonly status: number; readonly isAccepted: boolean }
  | { readonly kind: "reset"; readonly isAccepted: boolean }
  | { readonly kind: "hang"; readonly isAccepted: boolean }
  | { readonly kind: "page"; readonly isAccepted: boolean };

/** One call as it was answered. */
export interface SeenCall {
  readonly method: string;
  readonly atMs: number;
  /** `ok`, Slack's error word, or the kind of the fault. */
  readonly outcome: string;
}

/** What it is started with. */
export interface StandInOptions {
  readonly scopes?: readonly string[];
  readonly channels?: readonly Channel[];
  readonly nowMs?: () => number;
  /** How long after it was posted a message shows up in what is read. */
  readonly historyLagMs?: number;
  /** Asked before and after a call does its work: true when the caller is dead and hears nothing of it any more. */
  readonly isCallerDead?: () => boolean;
  /** Answers 429 as Slack's limits have it. */
  readonly isRateLimiting?: boolean;
}

/** A running stand-in. */
export interface SlackStandIn extends ProductStandIn {
  readonly token: string;
  readonly signingSecret: string;
  readonly calls: readonly SeenCall[];
  /** The next calls of the method go wrong; further faults queue up behind. Webhook posts are `webhook`, bytes of files `upload`. */
  fail(method: string, fault: FaultKind, times?: number): void;
  /** Every later call answers `token_revoked`. */
  revoke(): void;
}

const token = "xoxb-1234567890-secretsecretsecret";
const signingSecret = "0123456789abcdef0123456789abcdef";
const webhookPath = "/services/T00000000/B00000000/secretsecretsecretsecret";

/** Starts one on a free port of 127.0.0.1. */
export async function startSlackStandIn(options: StandInOptions = {}): Promise<SlackStandIn> {
  const { scopes = allScopes, channels = [emptyChannel("C0MESH", "mesh-alerts")], nowMs = Date.now } = options;
  const faults = new Map<string, FaultKind[]>();
  const calls: SeenCall[] = [];
  let isRevoked = false;

  function intercept(call: StandInCall, request: IncomingMessage, response: ServerResponse): boolean {
    const fault = faults.get(call.method)?.shift() ?? null;
    const isRefused = isRevoked && !["webhook", "upload", "response"].includes(call.method);
    if (options.isCallerDead?.() === true) {
      request.socket.destroy();
      return true;
    }
    if (fault === null && !isRefused) return answerMortal(call, request, response);
    const { kind } = fault ?? { kind: "token_revoked" };
    calls.push({ method: call.method, atMs: nowMs(), outcome: kind });
    failing(fault ?? { kind: "error", error: "token_revoked" }, call, request, response);
    return true;
  }

  /** Answers callers that may die meanwhile, and late histories. */
  function answerMortal(call: StandInCall, request: IncomingMessage, response: ServerResponse): boolean {
    const { historyLagMs = 0, isCallerDead } = options;
    if (historyLagMs === 0 && isCallerDead === undefined) return false;
    const given = call.accept();
    calls.push({ method: call.method, atMs: nowMs(), outcome: given.status === 200 ? "ok" : `status ${given.status}` });
    if (isCallerDead?.() === true) request.socket.destroy();
    else if (historyLagMs > 0 && /^conversations\.(history|replies)$/.test(call.method)) {
      reply(response, { ...given, text: withoutNew(given.text, nowMs() - historyLagMs) }, scopes);
    } else reply(response, given, scopes);
    return true;
  }

  const standIn = await start({
    token,
    signingSecret,
    scopes,
    channels,
    nowMs,
    hasRateLimits: options.isRateLimiting === true,
    webhookPath,
    intercept,
    onAnswered: (method, outcome) => calls.push({ method, atMs: nowMs(), outcome }),
  });
  return {
    ...standIn,
    token,
    signingSecret,
    calls,
    fail: (method, fault, times = 1) =>
      faults.set(method, [...(faults.get(method) ?? []), ...Array.from({ length: times }, () => fault)]),
    revoke: () => {
      isRevoked = true;
    },
  };
}

function failing(fault: FaultKind, call: StandInCall, request: IncomingMessage, response: ServerResponse): void {
  if ("isAccepted" in fault && fault.isAccepted) call.accept();
  if (fault.kind === "rate-limited") {
    const { retryAfterSeconds } = fault;
    reply(response, { status: 429, text: '{"ok":false,"error":"ratelimited"}', retryAfterSeconds });
  } else if (fault.kind === "error") {
    reply(response, { status: 200, text: JSON.stringify({ ok: false, error: fault.error }) });
  } else if (fault.kind === "status") reply(response, { status: fault.status, text: "upstream error" });
  else if (fault.kind === "page")
    reply(response, { status: 200, text: "<html><body>Welcome to the proxy</body></html>" });
  else if (fault.kind === "reset") request.socket.destroy();
}

/** Slack's answer of messages without those posted after an instant. */
function withoutNew(text: string, beforeMs: number): string {
  const answer = JSON.parse(text) as { readonly messages?: readonly { readonly ts: string }[] };
  const messages = answer.messages?.filter(({ ts }) => Number(ts) * 1_000 <= beforeMs);
  return JSON.stringify({ ...answer, messages });
}
