/** Limits on a document's form, found without variables: depth, aliases, root fields and fields, fragments counted where they are spread. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationRule,
} from "graphql";
import type { GraphqlLimits } from "../graphql-deps.js";

/** Size of a selection with its fragments spread out. */
interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly fields: number;
  readonly ownFields: number;
}

/** Fields of one operation with fragments spread out: what keeps every later walk short. */
const maxFields = 10_000;

/** A validation rule (it runs once per text of a query) that reports operations over the limits as COST_LIMIT. */
export function documentLimits(limits: GraphqlLimits): ValidationRule {
  return (context) => ({
    Document(document: DocumentNode) {
      const measure = createMeasure(document);
      for (const operation of document.definitions) {
        if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
        const size = measure(operation.selectionSet);
        for (const [limit, word, asked, allowed, remedy] of [
          [
            "depth",
            "levels of fields",
            size.depth,
            limits.depth,
            "Ask for the inner objects by `node(id:)` or a root field.",
          ],
          ["aliases", "aliases", size.aliases, limits.aliases, "Split it into several operations."],
          ["rootFields", "fields of the root", size.ownFields, limits.rootFields, "Split it into several operations."],
          ["fields", "fields", size.fields, maxFields, "Spread fewer fragments."],
        ] as const) {
          if (asked <= allowed) continue;
          context.reportError(
            new GraphQLError(`The operation has ${shown(asked)} ${word}; at most ${allowed} are allowed. ${remedy}`, {
              nodes: [operation],
              extensions: { code: "COST_LIMIT", limit, remedy },
            }),
          );
        }
      }
    },
  });
}

function shown(count: number): string {
  return Number.isFinite(count) && count < 1e9 ? String(count) : "more than a billion";
}

/** Measures selections; each fragment once, so that doubling fragments cost nothing. A fragment within itself counts as empty. */
function createMeasure(document: DocumentNode): (selectionSet: SelectionSetNode | undefined) => Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<string, Size>();
  const empty: Size = { depth: 0, aliases: 0, fields: 0, ownFields: 0 };
  const ofFragment = (name: string): Size => {
    const size = known.get(name);
    if (size !== undefined) return size;
    known.set(name, empty);
    const measured = ofSelections(fragments.get(name)?.selectionSet);
    known.set(name, measured);
    return measured;
  };
  const ofSelections = (selectionSet: SelectionSetNode | undefined): Size => {
    let { depth, aliases, fields, ownFields } = empty;
    for (const selection of selectionSet?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        ownFields += 1;
        if (selection.name.value.startsWith("__")) continue;
        const inner = ofSelections(selection.selectionSet);
        depth = Math.max(depth, inner.depth + 1);
        aliases += inner.aliases + (selection.alias === undefined ? 0 : 1);
        fields += inner.fields + 1;
      } else {
        const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
        const inner = isSpread ? ofFragment(selection.name.value) : ofSelections(selection.selectionSet);
        depth = Math.max(depth, inner.depth);
        aliases += inner.aliases;
        fields += inner.fields;
        ownFields += inner.ownFields;
      }
    }
    return { depth, aliases, fields, ownFields };
  };
  return ofSelections;
}
