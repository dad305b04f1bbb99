/** What people asked to change, for the audit log: who, what, about what, with which outcome. No text that was sent is in it. */
import { type DocumentNode, type GraphQLSchema, getArgumentValues, getOperationAST, Kind } from "graphql";
import type { GraphqlDeps } from "./graphql-deps.js";
import { decodeId } from "./ids.js";

/** A mutation and what came of it. */
export interface AskedMutation {
  readonly by: string;
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Null where it was refused before it ran. */
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** Tells deps.onMutation of each field of the root; nothing for what is no mutation. */
export function auditMutations({ onMutation }: Pick<GraphqlDeps, "onMutation">, asked: AskedMutation): void {
  if (onMutation === undefined) return;
  const { by, schema, document, operationName, variables, data } = asked;
  const operation = getOperationAST(document, operationName);
  const fields = schema.getMutationType()?.getFields() ?? {};
  if (operation?.operation !== "mutation") return;
  for (const node of operation.selectionSet.selections) {
    // Fragments at the root of a mutation have no use; what is in one is told of as a whole.
    const definition = node.kind === Kind.FIELD ? fields[node.name.value] : undefined;
    if (node.kind !== Kind.FIELD || definition === undefined) {
      onMutation({ by, mutation: "fragment", target: null, outcome: data === null ? "REFUSED" : "RAN" });
      continue;
    }
    const target = targetOf(() => getArgumentValues(definition, node, { ...variables }));
    const outcome = data === null ? "REFUSED" : outcomeOf(data[node.alias?.value ?? node.name.value]);
    onMutation({ by, mutation: node.name.value, target, outcome });
  }
}

function targetOf(read: () => Readonly<Record<string, unknown>>): string | null {
  try {
    const { input } = read() as { readonly input?: { readonly alertId?: string; readonly deliveryId?: string } };
    return decodeId(input?.alertId ?? input?.deliveryId ?? "")?.parts[0] ?? null;
  } catch {
    return null;
  }
}

function outcomeOf(payload: unknown): string {
  if (typeof payload !== "object" || payload === null) return "FAILED";
  const errors = "userErrors" in payload && Array.isArray(payload.userErrors) ? payload.userErrors : [];
  const [code] = errors.map((error: { readonly code?: unknown }) => error.code);
  if (typeof code === "string") return code;
  const thing = "alert" in payload ? payload.alert : "delivery" in payload ? payload.delivery : undefined;
  return thing === null || errors.length > 0 ? "NOT_DONE" : "DONE";
}
