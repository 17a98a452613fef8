import { z } from "zod";
import { isUnknown } from "../../packages/values";
import { field, simple, withService } from "../engine";
import { withChecks } from "../lifecycle";
import { previewHostPort } from "./services/host-port";
import { portNumber } from "./types/addresses";

const base = simple({
  kind: "Port",
  router: "port",
  parents: { application: "reload" },
  key: ["publishedPort", "protocol"],
  label: ({ publishedPort, protocol = "tcp" }) => `${publishedPort}/${protocol}`,
  inputs: {
    /** Port on the servers, which no other container of a server may use. */
    publishedPort: portNumber,
    /** Port that the application listens on in its container. */
    targetPort: portNumber,
    /** Protocol: `tcp` or `udp`. Default: `tcp`. */
    protocol: field(z.enum(["tcp", "udp"]), { default: "tcp" }),
    /**
     * Place at which the port is published. `ingress`: on every server of the swarm, and Docker forwards connections.
     * `host`: only where a container runs, which then sees the addresses of its clients. With `host`, a new version can
     * start only once the old one has stopped, so give the application `swarm: { updateConfig: { Order: "stop-first", …
     * } }`. Default: `ingress`.
     */
    publishMode: field(z.enum(["ingress", "host"]), { default: "ingress" }),
    ...withService,
  },
  rules: {
    publishedPort: ({ publishedPort }) =>
      (publishedPort === 80 || publishedPort === 443) && {
        advice:
          "is a port that Traefik uses on each server, so the application cannot have it: give it a domain instead",
      },
    protocol: ({ publishedPort, protocol = "tcp" }, occupy) => ({
      advice: occupy(
        isUnknown(publishedPort) || isUnknown(protocol) ? undefined : `${publishedPort}/${protocol}`,
        "only one of them can have it",
      ),
    }),
  },
});

/**
 * A port of an application that is published on the servers of the swarm. It takes effect with a reload of the
 * application, one for all ports that a run changes. An application that was never deployed gets it with its first
 * deployment.
 *
 * A service that speaks HTTP needs no port: give it a {@link Domain}.
 *
 * @example
 * ```ts
 * new dokploy.Port("smtp", { applicationId: mail.id, publishedPort: 25, targetPort: 2525, publishMode: "host" });
 * ```
 */
export const port = withChecks(base, { preview: previewHostPort });
