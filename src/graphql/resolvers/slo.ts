/** Resolvers of objectives. */
import type { ObjectiveStatus } from "../../alerting/alert-board.js";
import type { BurnCondition } from "../../slo/burn-condition.js";
import { nominalPeriodMs } from "../../slo/period.js";
import { compareServiceRefs } from "../../telemetry/service-ref.js";
import type { GraphqlContext } from "../context.js";
import { sloCursor, sloOfCursor } from "../cursors.js";
import type { QuerySlosArgs, SloFilter, SloResolvers } from "../generated/resolver-types.js";
import { sloId } from "../ids.js";
import { noneConfigured } from "../none-configured.js";
import type { SloParent } from "../parents.js";
import { windowOf } from "../window-of.js";

const sliKinds = {
  AVAILABILITY: "AVAILABILITY",
  LATENCY: "LATENCY",
  CONNECTIONS: "AVAILABILITY",
  EVENTS: "CUSTOM",
  RATIO: "CUSTOM",
  GAUGE: "CUSTOM",
} as const;

export const sloResolvers: SloResolvers = {
  id: ({ status }) => sloId(status.objective.id),
  name: ({ status }) => status.objective.name,
  // An objective names it, so it is there by the contract; nothing is asked.
  service: ({ status, window }) => ({ ref: status.service, window }),
  sli: ({ status }) => sliKinds[status.objective.sli.kind],
  target: ({ status }) => status.objective.target.ratio,
  window: ({ status }) => nominalPeriodMs(status.objective.period),
  state: ({ status }) => status.state,
  dataState: ({ status }) => status.dataState,
  dataReason: ({ status }) => status.dataReason,
  evaluatedAt: ({ status }) => status.evaluatedAtMs,
  goodCount: ({ status }) => status.measurement?.period?.goodCount ?? null,
  totalCount: ({ status }) => status.measurement?.period?.totalCount ?? null,
  errorBudget: ({ status: { budget } }) => budget && { ...budget, exhaustedAt: budget.exhaustedAtMs },
  burnConditions: ({ status }) => status.burnConditions?.map(burnConditionOf) ?? null,
  history: async ({ status, window: inherited }, args, context) => {
    const window = windowOf(context, args, inherited);
    const history = await context.alerts?.history(status, window, args.maxPoints ?? 60);
    if (history === null || history === undefined) return null;
    return {
      timestamps: [...history.timestampsMs],
      burnRate: [...history.burnRates],
      budgetRemaining: [...history.budgetRemaining],
    };
  },
  origin: ({ status }) => status.objective.origin,
};

/** A condition in the words of the schema. */
export function burnConditionOf({ tier, severity, threshold, long, short, met }: BurnCondition) {
  const windowOfBurn = ({ windowMs, value }: BurnCondition["long"]) => ({ window: windowMs, value });
  return { tier, severity, threshold, long: windowOfBurn(long), short: windowOfBurn(short), met };
}

/** A page of objectives. */
export function sloPage(context: GraphqlContext, args: Pick<QuerySlosArgs, "filter" | "first" | "after">) {
  if (context.alerts === null) return noneConfigured;
  const window = windowOf(context, {});
  const all = context.alerts.desk
    .objectives(context.principal.visibility)
    .filter((status) => isWanted(status, args.filter));
  const after = args.after ? sloOfCursor(args.after) : null;
  const isAfter = ({ service, objective }: ObjectiveStatus) => {
    if (after === null) return true;
    const order = compareServiceRefs(service, after.ref);
    return order > 0 || (order === 0 && objective.name > after.name);
  };
  const rest = all.filter(isAfter);
  const page = rest.slice(0, args.first ?? 20);
  const cursorOf = ({ service, objective }: ObjectiveStatus) => sloCursor(service, objective.name);
  const nodes = page.map((status): SloParent => ({ status, window }));
  const last = page.at(-1);
  return {
    nodes,
    edges: nodes.map((node) => ({ cursor: cursorOf(node.status), node })),
    pageInfo: { hasNextPage: rest.length > page.length, endCursor: last === undefined ? null : cursorOf(last) },
  };
}

function isWanted({ objective, service, state }: ObjectiveStatus, filter: SloFilter | null | undefined): boolean {
  if (!filter) return true;
  const { namespaces, service: wanted, states, nameContains } = filter;
  if (namespaces && !namespaces.includes(service.namespace)) return false;
  if (wanted && !(wanted.namespace === service.namespace && wanted.name === service.name)) return false;
  if (wanted?.cluster && wanted.cluster !== service.cluster) return false;
  if (states && !states.includes(state)) return false;
  return !nameContains || objective.name.toLowerCase().includes(nameContains.toLowerCase());
}
