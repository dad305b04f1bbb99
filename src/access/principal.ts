/** Who asks and what they may: the outcome of authentication, handed to GraphQL with every request. */
import { MeshlensError } from "../errors.js";
import { seeAll, type Visibility } from "../telemetry/visibility.js";

/** `read` queries, `debug` shows upstream queries, `operate` acknowledges and silences alerts, `report` tells of alerts by the webhook. */
export type Action = "read" | "debug" | "operate" | "report";

/** A known caller. `name` is the token's name in the configuration, `anonymous` where no token is asked for. */
export interface Principal {
  readonly name: string;
  readonly visibility: Visibility;
  readonly actions: ReadonlySet<Action>;
  /** When its token expires, epoch ms; left out for one without an end. */
  readonly expiresAtMs?: number | undefined;
}

/** The caller where nobody is asked for a token: loopback without `auth`, `auth: none`, the command line. */
export const everyone: Principal = {
  name: "anonymous",
  visibility: seeAll,
  actions: new Set<Action>(["read", "debug", "operate", "report"]),
};

/** Whether nothing is hidden from the caller: what names services of all namespaces is for such callers only. */
export function seesAll({ visibility }: Pick<Principal, "visibility">): boolean {
  return visibility.namespaces === "all";
}

/** Passes if the caller sees all namespaces. @throws MESHLENS_ERR_ACCESS_FORBIDDEN */
export function requireSight(principal: Principal): void {
  if (seesAll(principal)) return;
  throw new MeshlensError(
    "MESHLENS_ERR_ACCESS_FORBIDDEN",
    `${principal.name} may not read this, because it tells of all namespaces: give it namespaces: ["*"] in auth`,
  );
}

/** Passes if the caller may do it. @throws MESHLENS_ERR_ACCESS_FORBIDDEN naming the missing action */
export function requireAction(principal: Principal, action: Action): void {
  if (principal.actions.has(action)) return;
  throw new MeshlensError(
    "MESHLENS_ERR_ACCESS_FORBIDDEN",
    `${principal.name} may not do this: add ${action} to its actions in auth`,
  );
}
