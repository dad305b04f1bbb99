/** Free loopback ports for servers that cannot choose one themselves. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/**
 * Distinct ports that were free a moment ago: all are held until the last is found. Another process may still take one
 * before the server binds it, which is why a start is repeated with new ports.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(held.map((server) => once(server, "listening")));
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    held.map((server) => {
      server.close();
      return once(server, "close");
    }),
  );
  return ports;
}

/** One free loopback port. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}
