/** Cuts off who asks and does not read: an answer that nobody takes holds its memory and its turn. Used by server.ts. */
import type { FastifyInstance } from "fastify";

/** Without a byte taken for so long, nobody reads any more. */
const patienceMs = 30_000;

/** Adds the hook. Whoever reads slowly, but reads, is not cut: every piece taken begins the time anew. */
export function cutSlowReaders(app: FastifyInstance, mostMs: number = patienceMs): void {
  app.addHook("onSend", async (_request, reply, payload) => {
    // Node gives the socket its idle time back after the answer. Questions of our own process need a listener too.
    reply.raw.setTimeout(mostMs, () => reply.raw.destroy());
    return payload;
  });
}
