import { z } from "zod";
import { id, text } from "../schema/fields";
import { chainProblem, expiryAdvice, keyProblem } from "../schema/pem";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

/**
 * A certificate of your own with its key, for a whole server: Traefik shows it to callers of the hosts that it names, on
 * domains with `https: true` and `certificateType: "none"`. It works as soon as it is saved. A preview says when it is about
 * to expire, or has, in each run.
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
  advice: ({ certificateData }) => expiryAdvice(certificateData),
  inputs: {
    /** Name in Dokploy; no other certificate may have it. */
    name: text,
    /** Certificate in PEM, and after it those that lead to its root. */
    certificateData: text,
    /** Its private key in PEM, without a passphrase. Secret. */
    privateKey: field(text, { secret: true }),
    /** A mark that Dokploy's page shows: nothing renews a certificate of your own. A change makes a new one. */
    autoRenew: field(z.boolean().optional(), { replace: true }),
    /** Id of the server that has it. A change makes a new one. Default: Dokploy's own machine. */
    serverId: field(id.optional(), { replace: true }),
  },
  rules: {
    certificateData: ({ certificateData }) => chainProblem(certificateData),
    privateKey: ({ privateKey, certificateData }) => keyProblem(privateKey, certificateData),
  },
});
