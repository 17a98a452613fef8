import { z } from "zod";
import { isUnknown } from "../../packages/values";
import { field, simple } from "../engine";
import { nonEmptyText, output } from "../schema";
import { newKeyPair, plainKey, publicKeyOf } from "./ssh-key/keys";

/**
 * An SSH key pair, which Dokploy uses to fetch from git over SSH and to reach other servers. Without `existingKey` it
 * is a new pair (Ed25519): give its `publicKey` to the git host as a deploy key, or to the server.
 *
 * A key never changes in place: another key replaces the resource. A key is deleted only when nothing in Dokploy uses
 * it any more.
 *
 * @example
 * ```ts
 * const deployKey = new dokploy.SshKey("deploy", { name: "deploy" });
 * export const publicKey = deployKey.publicKey;
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "git", url: "git@example.com:acme/api.git", branch: "main", sshKeyId: deployKey.id },
 * });
 * ```
 */
export const sshKey = simple({
  kind: "SshKey",
  router: "sshKey",
  key: ["name"],
  label: ({ name }) => name,
  usedBy: ["customGitSSHKeyId", "sshKeyId"],
  create({ privateKey, ...columns }) {
    const found = privateKey === undefined ? newKeyPair() : publicKeyOf(String(privateKey));
    return { ...columns, privateKey, ...("problem" in found ? {} : found) };
  },
  inputs: {
    /** Name in Dokploy; unique among the SSH keys of the server. */
    name: nonEmptyText,
    /** Description shown in Dokploy. */
    description: field(nonEmptyText, { default: null }),
    /**
     * Existing private key without a passphrase, in the format of OpenSSH (Ed25519 or RSA) or in RSA's own. Secret. A
     * change replaces the resource. Default: a new pair.
     */
    existingKey: field(nonEmptyText.optional(), {
      column: "privateKey",
      secret: true,
      replace: true,
      write: plainKey,
    }),
  },
  rules: {
    existingKey({ existingKey }) {
      if (existingKey === undefined || isUnknown(existingKey)) return undefined;
      const found = publicKeyOf(existingKey);
      return "problem" in found && found.problem;
    },
  },
  outputs: z.strictObject({
    /** Public key on one line: `ssh-ed25519 AAAA… dokploy`. */
    publicKey: output(z.string(), ({ publicKey }) => String(publicKey), { follows: [] }),
    /** Private key. Secret. */
    privateKey: output(z.string(), ({ privateKey }) => String(privateKey), { secret: true, follows: [] }),
  }),
});
