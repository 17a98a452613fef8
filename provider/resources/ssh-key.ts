import { z } from "zod";
import { NOUNS } from "../dokploy/nouns";
import { isUnknown } from "../pulumi/unknown";
import { text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field, output } from "../simple/spec";
import { newKeyPair, plainKey, publicKeyOf } from "../ssh/keys";

/**
 * A pair of SSH keys, with which Dokploy fetches from git over SSH and reaches other servers. Without `existingKey` a new pair
 * (Ed25519) is made: give its `publicKey` to the git host as a deploy key, or to the server. A key never changes: another
 * one is another resource, and this one is only deleted when nothing in Dokploy uses it any more.
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
  noun: NOUNS.sshKey,
  router: "sshKey",
  key: ["name"],
  label: ({ name }) => name,
  usedBy: ["customGitSSHKeyId", "sshKeyId"],
  makes({ existingKey }) {
    const found = existingKey === undefined ? newKeyPair() : publicKeyOf(existingKey);
    return "problem" in found ? {} : found;
  },
  inputs: {
    /** Name in Dokploy; no other key of the server may have it. */
    name: text,
    /** What it is for. */
    description: field(text, { default: null }),
    /**
     * Private key that there is already, in the format of OpenSSH (Ed25519 or RSA) or RSA's own, without a passphrase. Secret. A
     * change makes a new resource of it. Default: a new pair.
     */
    existingKey: field(text.optional(), { secret: true, replace: true, write: plainKey }),
  },
  columns: { existingKey: "privateKey" },
  rules: {
    existingKey({ existingKey }) {
      if (existingKey === undefined || isUnknown(existingKey)) return undefined;
      const found = publicKeyOf(existingKey);
      return "problem" in found && found.problem;
    },
  },
  outputs: {
    /** The public key, in one line: `ssh-ed25519 AAAA… dokploy`. */
    publicKey: output(z.string(), ({ publicKey }) => String(publicKey), { follows: [] }),
    /** The private key. Secret. */
    privateKey: output(z.string(), ({ privateKey }) => String(privateKey), { secret: true, follows: [] }),
  },
});
