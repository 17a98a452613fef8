import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";

/** Numbers of gRPC: a call that cannot work as the system is, and a method that does not exist. */
const [failedPrecondition, unimplemented] = ["9", "12"];

/**
 * Responds to the calls of Pulumi with one error, which Pulumi prints. If the process ended, Pulumi would print the
 * whole output of it, as a bug of the plugin. gRPC is HTTP/2, and its own package may be missing here.
 */
export function refuseCalls(reason: string): void {
  const server = createServer();
  let connections = 0;
  server.on("session", (session) => {
    connections += 1;
    // Without the last connection the process has nothing more to do, and ends: Pulumi may be gone without a word.
    session.on("close", () => {
      connections -= 1;
      if (connections === 0) server.close();
    });
  });
  server.on("stream", (stream, { ":path": path = "" }) => {
    // Pulumi drops the connection at the end of the run.
    stream.on("error", () => {});
    // Pulumi reports a bug of the plugin if one of these fails, and continues without one that does not exist.
    const isOptional = /\/(?:Handshake|Cancel)$/.test(path);
    stream.respond(
      {
        "content-type": "application/grpc+proto",
        "grpc-status": isOptional ? unimplemented : failedPrecondition,
        "grpc-message": encodeURI(reason),
      },
      { endStream: true },
    );
  });
  server.listen(0, "127.0.0.1", () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
}
