import * as assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as net from "node:net";
import { waitUntilReached } from "../../../provider/deploy";
import { VirtualClock } from "./virtual-clock";

describe("a host that does not respond", () => {
  it("is reported with the code of an unknown failure, and as saved", async () => {
    const server = net.createServer((socket) => socket.destroy());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const reach = {
        host: "shop.example.com",
        path: "/",
        https: false,
        address: `127.0.0.1:${port}`,
        trusted: true,
        port: 80,
        timeoutSeconds: 0,
      };
      const options = { progress: () => {}, timers: new VirtualClock() };
      await assert.rejects(
        waitUntilReached(reach, "Domain shop.example.com/", options),
        /^UserError: Domain shop\.example\.com\/ does not answer after 0 s: ECONNRESET\. Its settings are saved\. Look at Traefik's log, and run the update again, which only checks once more\.$/,
      );
    } finally {
      server.close();
    }
  });
});
