import { randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import { inWords, visible } from "../../packages/text";
import type { Api } from "../dokploy";
import { observe } from "../engine";
import { readEnv } from "../env";
import { UserError } from "../errors";
import { type Entity, type Run, targetOfId } from "../lifecycle";
import { isUnknown } from "../pulumi";
import { secretOutput, type Target, withoutColumn } from "../schema";

/** Letters and digits: they need no quotes in a shell, a URL, YAML or a file of variables. */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const defaultLength = 48;

export const generatedSecretSchema = z.strictObject({
  /**
   * Number of characters, from 16 to 512. A change keeps the value: the next rotation has the new length. Default: 48.
   */
  length: withoutColumn(z.int().min(16).max(512).optional(), { apply: "none" }),
  /** Number of the value. Another number makes a new value at once. Default: 1. */
  rotation: withoutColumn(z.int().min(1).optional(), { apply: "none", replace: true }),
  /**
   * Variable of which a new resource adopts the value, if it has one, instead of making another. It is named with the kind and
   * id of an object, as in `application/PQqzqTGCVtx0St2SA3vCi/SESSION_KEY`, or with the name of a resource in the state of this
   * stack, as in `api/SESSION_KEY`. Later it has no effect.
   */
  adopts: withoutColumn(
    z
      .string()
      .regex(
        /^[\w.:@~+-]{1,200}(?:\/[\w-]{1,100})?\/[A-Za-z_][\w.-]{0,200}$/,
        "is not a variable, such as application/PQqzqTGCVtx0St2SA3vCi/SESSION_KEY or api/SESSION_KEY",
      )
      .meta({ examples: ["application/PQqzqTGCVtx0St2SA3vCi/SESSION_KEY"] })
      .optional(),
    { apply: "none", createOnly: true },
  ),
});

export type GeneratedSecretInputs = z.infer<typeof generatedSecretSchema>;

const generatedSecretOutputs = z.object({
  /** The generated text: letters and digits. Secret. */
  value: secretOutput(z.string()),
});
export type GeneratedSecretOutputs = z.infer<typeof generatedSecretOutputs>;

/**
 * A random secret, such as the key that signs sessions. It is made once, at the first update, and stays: no preview, refresh
 * or deployment makes it again. The only copies are in the state of the stack, as a secret, and in the variables that get it.
 * With the resource, the value is lost.
 *
 * In files of variables, `SESSION_KEY: !generate` declares it.
 *
 * @example
 * ```ts
 * const sessionKey = new dokploy.GeneratedSecret("session-key", { length: 64 });
 * new dokploy.EnvironmentBlock("api", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   env: { SESSION_KEY: sessionKey.value },
 * });
 * ```
 */
export const generatedSecret: Entity<GeneratedSecretInputs, GeneratedSecretOutputs> = {
  kind: "GeneratedSecret",
  schema: generatedSecretSchema,
  outputs: generatedSecretOutputs,
  // Services keep the former value until they have the new one.
  replacesBeforeDeleting: () => true,
  label: () => undefined,

  async preflight({ adopts }, { reads, run, inform }, { replaced }) {
    if (adopts === undefined || isUnknown(adopts) || replaced !== undefined) return;
    const found = await valueThere(adopts, reads, run);
    if (found === undefined) return;
    inform(
      `GeneratedSecret adopts the value of ${visible(found.key)} that ${found.label} has, instead of making a new one.`,
      "adopts",
    );
  },

  async preview(_inputs, { inform }, { olds, changes }) {
    const names = changes.map(({ input }) => input);
    if (olds !== undefined && names.includes("length") && !names.includes("rotation"))
      inform("GeneratedSecret keeps its value: the new length counts from the next rotation on.", "advice");
    return [];
  },

  async create({ length = defaultLength, adopts }, { api, run }) {
    const found = adopts === undefined ? undefined : await valueThere(adopts, api, run);
    const id = randomBytes(12).toString("hex");
    return { id, outputs: { value: found?.value ?? generate(length) } };
  },

  async read(_id, { inputs, outputs }) {
    return { inputs, outputs };
  },

  async update(_id, olds) {
    return olds?.outputs ?? ({} as GeneratedSecretOutputs);
  },

  /** Calls nothing: Dokploy has no object for it. */
  async delete() {},
};

function generate(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

/**
 * Returns the value that a variable has in Dokploy; undefined where there is none.
 *
 * @throws UserError where it cannot be known which value is meant, or whether there is one
 */
async function valueThere(
  variable: string,
  api: Pick<Api, "call">,
  run: Run,
): Promise<{ key: string; label: string; value: string } | undefined> {
  const cut = variable.lastIndexOf("/");
  const [owner, key] = [variable.slice(0, cut), variable.slice(cut + 1)];
  const hosts = await Promise.all(
    (await objectsOf(owner, key, run)).map((target) => observe(target, api as Api)),
  );
  const found = hosts.flatMap((host) => {
    const value = host && readEnv(host.texts.env, host.rules.env)[key];
    return value === undefined || value === "" ? [] : [{ key, label: host?.label ?? "", value }];
  });
  if (new Set(found.map(({ value }) => value)).size <= 1) return found[0];
  throw new UserError(
    `It cannot be known which ${visible(key)} is meant: the stack has several resources named ${visible(owner)}, and ` +
      `${inWords(
        found.map(({ label }) => label),
        "and",
      )} have different values. Name the object in the input adopts.`,
  );
}

/** Returns the objects that may have the variable: the one that is named, or those of the stack's resources of this name. */
async function objectsOf(owner: string, key: string, run: Run): Promise<Target[]> {
  const named = targetOfId(owner);
  if (named !== undefined) return [named as unknown as Target];
  const resources = await run.ownership.holdings.named(owner);
  if (resources === undefined)
    throw new UserError(
      `The provider cannot read the state of this stack, so it does not know whether ${visible(owner)} already has ` +
        `${visible(key)}, and a new value would replace that. It reads the state with \`pulumi stack export\`. Make sure that ` +
        "the folder of `pulumi` is in PATH, and that PULUMI_BACKEND_URL names the backend or `pulumi login` has selected it.",
    );
  // The id of a block is that of its target.
  const paths = resources.map(({ kind, id }) =>
    kind === "EnvironmentBlock" ? id : `${kind.toLowerCase()}/${id}`,
  );
  return [...new Set(paths)].flatMap((path) => {
    const target = targetOfId(path);
    return target === undefined ? [] : [target as unknown as Target];
  });
}
