/** Everything that is decided about an operation before it runs: which one, its variables, whether the caller may, its arguments, its cost. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import { MeshlensError } from "../errors.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import { badInput } from "./bad-input.js";
import type { RequestErrors } from "./format-error.js";
import { scopeWindow } from "./grafana-scope.js";
import type { GraphqlAction, GraphqlLimits, GraphqlPrincipal } from "./graphql-deps.js";
import { checkCost } from "./limits/check-cost.js";
import { operationCost } from "./limits/cost.js";
import { type AskedRange, defaultWindow, type RangeTerms } from "./range.js";
import { type SelectedField, selectedFields } from "./selection.js";
import { firstArgumentProblem } from "./validate-arguments.js";
import { windowOfRange } from "./window-of.js";

/** An operation as it was sent. */
export interface OperationRequest {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  /** Null where they are not known yet (subscriptions): arguments are then checked with what the document itself says. */
  readonly variables: Readonly<Record<string, unknown>> | null;
}

/** Terms it is judged by. */
export interface OperationTerms {
  readonly principal: GraphqlPrincipal;
  readonly rangeTerms: RangeTerms;
  readonly limits: Pick<GraphqlLimits, "cost">;
}

/** An operation that may run. */
export interface CheckedOperation {
  readonly operation: OperationDefinitionNode;
  /** Points it will cost. */
  readonly cost: number;
  /** Whether it asks for every edge of the mesh. */
  readonly isOfWholeMesh: boolean;
}

/**
 * Judges an operation of a valid document.
 * @param onPriced told the points also of an operation that is then refused for them
 * @throws GraphQLError, RequestErrors or MESHLENS_ERR_ACCESS_FORBIDDEN; the answer is then 400 or 403 and nothing is asked upstream
 */
export function checkOperation(
  request: OperationRequest,
  terms: OperationTerms,
  onPriced: (points: number) => void = () => {},
): CheckedOperation {
  const operation = operationOf(request);
  checkAction(operation, terms.principal);
  const roots = rootsOf(request, operation);
  if (roots === null) return { operation, cost: 0, isOfWholeMesh: false };
  const problem = firstArgumentProblem(roots, terms.rangeTerms);
  if (problem !== null) throw problem;
  const inWindow = (field: SelectedField, inherited: TimeWindow) =>
    field.coordinate === "Query.grafana"
      ? scopeWindow(field.args(), terms.rangeTerms)
      : windowOfRange(field.args()["range"] as AskedRange | null | undefined, terms.rangeTerms, inherited);
  const cost = operationCost(roots, inWindow, defaultWindow(terms.rangeTerms.nowMs));
  onPriced(cost.points);
  checkCost(cost, terms.limits.cost);
  const isOfWholeMesh = roots.some(({ coordinate }) => coordinate === "Query.serviceGraph");
  return { operation, cost: cost.points, isOfWholeMesh };
}

/** The action an operation needs. */
export function actionOf(operation: OperationDefinitionNode): GraphqlAction {
  return operation.operation === "mutation" ? "operate" : "read";
}

function operationOf({ document, operationName }: OperationRequest): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  const names = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.name ? [definition.name.value] : [],
  );
  const what = operationName === null ? "The document has several operations." : "The document has no such operation.";
  throw badInput("operationName", { what, remedy: `Give one of: ${names.join(", ") || "none, and leave it out"}.` });
}

function checkAction(operation: OperationDefinitionNode, { actions }: GraphqlPrincipal): void {
  const action = actionOf(operation);
  if (actions.has(action)) return;
  throw new MeshlensError(
    "MESHLENS_ERR_ACCESS_FORBIDDEN",
    `A ${operation.operation} needs the action \`${action}\`, which this token does not have; add it to the token's \`actions\`.`,
  );
}

/** Fields of the root with coerced variables; null when variables are needed and not known. */
function rootsOf(
  { schema, document, variables }: OperationRequest,
  operation: OperationDefinitionNode,
): readonly SelectedField[] | null {
  const type = schema.getRootType(operation.operation);
  if (!type) throw new GraphQLError(`The schema has no ${operation.operation}.`, { nodes: [operation] });
  const definitions = operation.variableDefinitions ?? [];
  if (variables === null && definitions.length > 0) return null;
  const { coerced, errors } = getVariableValues(schema, definitions, variables ?? {});
  if (errors !== undefined) throw requestErrors(errors);
  const scope = { schema, fragments: fragmentsOf(document), variableValues: coerced };
  return selectedFields(scope, type, operation.selectionSet);
}

function fragmentsOf(document: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

/** Several errors as one to throw; formatErrors takes them apart again. */
export function requestErrors(errors: readonly GraphQLError[]): RequestErrors {
  return Object.assign(new Error("The operation is not valid."), { errors });
}
