/**
 * Answering prepared documents only. A document is known by its shape: its text without the values of its texts and numbers, because
 * Grafana writes the dashboard's variables into them.
 */
import { createHash } from "node:crypto";
import { type ASTNode, type DocumentNode, GraphQLError, Kind, parse, print, visit } from "graphql";

/** The shape of a document, in hex. */
export function documentShape(document: DocumentNode): string {
  const blank = visit(document, { enter: withoutValue });
  return createHash("sha256").update(print(blank)).digest("hex");
}

/** Texts and numbers as they are in every document of the shape; undefined leaves a node as it is. */
function withoutValue(node: ASTNode): ASTNode | undefined {
  if (node.kind === Kind.STRING) return { kind: Kind.STRING, value: "" };
  if (node.kind === Kind.INT || node.kind === Kind.FLOAT) return { kind: Kind.INT, value: "0" };
  return undefined;
}

/** Shapes of texts. @throws GraphQLError for a text that is no document */
export function preparedShapes(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.map((text) => documentShape(parse(text, { noLocation: true }))));
}

/** Passes documents of known shapes; every document where `shapes` is null. @throws GraphQLError NOT_PREPARED */
export function createPreparedCheck(shapes: ReadonlySet<string> | null): (document: DocumentNode) => void {
  if (shapes === null) return () => {};
  // Parsed documents are kept by Mercurius and come again.
  const known = new WeakSet<DocumentNode>();
  return (document) => {
    if (known.has(document)) return;
    if (!shapes.has(documentShape(document))) throw notPrepared();
    known.add(document);
  };
}

function notPrepared(): GraphQLError {
  const remedy = "Send one that comes with Meshlens, or add a file with this one to server.prepared.files.";
  return new GraphQLError(`This document is none of those that are answered here. ${remedy}`, {
    extensions: { code: "NOT_PREPARED", remedy },
  });
}
