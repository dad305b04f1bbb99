/**
 * Guards an open loopback server against web pages: a page whose name resolves to 127.0.0.1 (DNS rebinding) could otherwise read
 * everything through the user's browser. Where tokens are asked for, or `auth: none` is written out, every Host is accepted.
 */
import { isLoopback } from "../config/check-meaning.js";
import type { MeshlensConfig } from "../config/config-schema.js";

/** Whether a request with this Host header may be answered. */
export function createHostCheck({ auth, server }: MeshlensConfig): (hostHeader: string | undefined) => boolean {
  if (auth !== undefined) return () => true;
  const publicHost = server.publicUrl === undefined ? null : new URL(server.publicUrl).hostname;
  return (hostHeader) => {
    if (hostHeader === undefined || !URL.canParse(`http://${hostHeader}`)) return false;
    const { hostname } = new URL(`http://${hostHeader}`);
    return isLoopback(hostname) || hostname === publicHost;
  };
}
