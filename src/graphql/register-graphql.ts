/** The one export the server mounts: the GraphQL endpoint on a Fastify instance. */
import type { FastifyInstance } from "fastify";
import type { GraphqlDeps } from "./graphql-deps.js";

/**
 * Adds `/graphql` (POST, GET for queries, WebSocket for subscriptions) to `app`.
 * @throws MESHLENS_ERR_INTERNAL when the schema of the package cannot be read
 */
export async function registerGraphql(_app: FastifyInstance, _deps: GraphqlDeps): Promise<void> {}
