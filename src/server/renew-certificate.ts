/**
 * Reads the server's certificate and key again when their files change (cert-manager writes a Secret anew, the kubelet switches a link), so
 * that new connections get the new one without a restart. Used by start-server.ts.
 */
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { Logger } from "pino";
import type { ServerTls } from "../config/load-config.js";

/** What takes a new certificate: Node's https server; connections that are open keep theirs. */
export interface CertificateHolder {
  setSecureContext(options: { readonly cert: string; readonly key: string }): void;
}

/** Files are compared by what is in them: links and volumes tell nothing reliable of a change. */
const lookEveryMs = 60_000;

/** Looks until the returned function is called. A pair that does not fit (half written) is left for the next look. */
export function renewCertificate(
  server: CertificateHolder,
  { certFile, keyFile, ...first }: ServerTls,
  { logger, everyMs = lookEveryMs }: { readonly logger: Pick<Logger, "info" | "warn">; readonly everyMs?: number },
): () => void {
  let held: { readonly cert: string; readonly key: string } = first;
  let isFailing = false;

  async function look(): Promise<void> {
    try {
      const [cert, key] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
      if (cert !== held.cert || key !== held.key) {
        createSecureContext({ cert, key });
        server.setSecureContext({ cert, key });
        held = { cert, key };
        logger.info({ certFile }, "the certificate was renewed: new connections get it");
      }
      isFailing = false;
    } catch {
      // The errors of OpenSSL may quote the key.
      if (!isFailing)
        logger.warn({ certFile, keyFile }, "certificate and key cannot be read or do not fit; the old ones serve on");
      isFailing = true;
    }
  }

  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
