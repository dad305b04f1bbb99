/** No more sockets than `server.limits` allow, in all and per address: who opens thousands costs the others nothing. Used by server.ts. */
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** How many may be open at once. */
export interface SocketLimits {
  readonly sockets: number;
  readonly socketsPerAddress: number;
}

/** Ends a socket beyond the limits as it comes. `onRefused` hears of the first of each address, again after all of its sockets are closed. */
export function boundSockets(
  server: Server,
  { sockets, socketsPerAddress }: SocketLimits,
  onRefused: (address: string) => void,
): void {
  const open = new Map<string, { count: number; isTold: boolean }>();
  server.maxConnections = sockets;
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const held = open.get(address) ?? { count: 0, isTold: false };
    if (held.count >= socketsPerAddress) {
      socket.destroy();
      if (!held.isTold) onRefused(address);
      held.isTold = true;
      return;
    }
    held.count += 1;
    open.set(address, held);
    socket.once("close", () => {
      held.count -= 1;
      if (held.count === 0) open.delete(address);
    });
  });
}
