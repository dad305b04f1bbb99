import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { expect, test } from "@jest/globals";
import { renewCertificate } from "../../src/server/renew-certificate.js";
import { repositoryRoot } from "../support/repository-root.js";
import { waitUntil } from "../support/wait-until.js";

const fixture = (name: string) => join(repositoryRoot, "test/fixtures/tls", name);

/** As the kubelet mounts a Secret: files are links into a folder that is a link, which is switched to the next one. */
function mountSecret() {
  const mount = mkdtempSync(join(tmpdir(), "meshlens-tls-"));
  let version = 0;
  const write = (files: Readonly<Record<string, string>>) => {
    version += 1;
    mkdirSync(join(mount, `..${version}`));
    for (const [name, from] of Object.entries(files)) cpSync(from, join(mount, `..${version}`, name));
    symlinkSync(`..${version}`, join(mount, "..next"));
    renameSync(join(mount, "..next"), join(mount, "..data"));
  };
  for (const name of ["tls.crt", "tls.key"]) symlinkSync(join("..data", name), join(mount, name));
  return { certFile: join(mount, "tls.crt"), keyFile: join(mount, "tls.key"), write };
}

test("a renewed certificate is served to new connections, open ones go on, and a pair that does not fit changes nothing", async () => {
  const { certFile, keyFile, write } = mountSecret();
  write({ "tls.crt": fixture("localhost.crt"), "tls.key": fixture("localhost.key") });
  const read = () => ({ cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") });
  const server = createServer(read(), (_request, response) => void response.end("ok"));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const lines: string[] = [];
  const say = (_about: unknown, text?: string) => void lines.push(text ?? "");
  const stop = renewCertificate(
    server,
    { ...read(), certFile, keyFile },
    { logger: { info: say, warn: say }, everyMs: 10 },
  );
  const open = async () => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
    await once(socket, "secureConnect");
    return { socket, fingerprint: socket.getPeerCertificate().fingerprint256 };
  };
  try {
    const before = await open();
    write({ "tls.crt": fixture("renewed.crt"), "tls.key": fixture("localhost.key") });
    await waitUntil("the half of a pair is told", () => lines.some((line) => line.includes("serve on")));
    const between = await open();
    expect(between.fingerprint).toBe(before.fingerprint);
    write({ "tls.crt": fixture("renewed.crt"), "tls.key": fixture("renewed.key") });
    await waitUntil("it is renewed", () => lines.some((line) => line.includes("was renewed")));
    const after = await open();
    expect(after.fingerprint).not.toBe(before.fingerprint);
    before.socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const [answer] = (await once(before.socket, "data")) as [Buffer];
    expect(answer.toString()).toContain("200 OK");
    expect(lines.filter((line) => line.includes("serve on"))).toHaveLength(1);
    writeFileSync(join(certFile, "..", "..data", "tls.crt"), "nothing");
    await waitUntil("it is told again", () => lines.filter((line) => line.includes("serve on")).length === 2);
    for (const { socket } of [before, between, after]) socket.destroy();
  } finally {
    stop();
    server.closeAllConnections();
    server.close();
  }
});
