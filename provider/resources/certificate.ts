import { z } from "zod";
import { field, simple } from "../engine";
import { id, nonEmptyText } from "../schema";
import { chainProblem, expiryAdvice, keyProblem } from "./types/pem";

/**
 * A TLS certificate of your own with its key, for a whole server. Traefik serves it for the hosts that it names, on
 * domains with `https: true` and `certificateType: "none"`. It takes effect as soon as it is saved. Each preview warns
 * when the certificate has expired or is about to.
 *
 * @example
 * ```ts
 * new dokploy.Certificate("internal", {
 *   name: "internal", certificateData: readFileSync("internal.crt", "utf8"), privateKey: config.requireSecret("internalKey"),
 * });
 * ```
 */
export const certificate = simple({
  kind: "Certificate",
  router: "certificates",
  key: ["name"],
  label: ({ name }) => name,
  inputs: {
    /** Name in Dokploy; unique among certificates. */
    name: nonEmptyText,
    /** Certificate in PEM, followed by the certificates that lead to its root. */
    certificateData: nonEmptyText,
    /** Private key of the certificate in PEM, without a passphrase. Secret. */
    privateKey: field(nonEmptyText, { secret: true }),
    /** Flag that Dokploy only shows; nothing renews a certificate of your own. A change replaces the certificate. */
    autoRenew: field(z.boolean().optional(), { replace: true }),
    /** Id of the server that has the certificate. A change replaces the certificate. Default: Dokploy's own machine. */
    serverId: field(id.optional(), { replace: true }),
  },
  rules: {
    certificateData: ({ certificateData }) =>
      chainProblem(certificateData) || { advice: expiryAdvice(certificateData) },
    privateKey: ({ privateKey, certificateData }) => keyProblem(privateKey, certificateData),
  },
});
