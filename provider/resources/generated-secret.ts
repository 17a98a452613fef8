import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { inWords, objectIn, visible } from "../../packages/text";
import { isUnknown } from "../../packages/values";
import type { Api } from "../dokploy";
import { observe } from "../engine";
import { arrivalOf, type EnvDialect, parse, readEnv, referencesOf } from "../env";
import { UserError } from "../errors";
import { type Entity, type Run, targetOfId } from "../lifecycle";
import { identityOf, parseUrn } from "../pulumi";
import {
  type Field,
  kinds,
  nonEmptyText,
  nounWithArticle,
  secretOutput,
  type Target,
  type TargetKind,
  targetOf,
  traits,
  withoutColumn,
} from "../schema";
import { formats, formatsOf, generate } from "./generated-secret/formats";

const leastLength = 16;

export const generatedSecretSchema = z.strictObject({
  /**
   * Format of the value: `alphanumeric` (letters and digits), `base64` or `hex` (random bytes), `uuid`, `username` (12 small
   * letters and digits), `email` (such a name at `example.com`) or `jwt` (a JSON web token, signed with HS256). A change of the format or
   * of the size keeps the value: the next rotation has them. Default: `alphanumeric`.
   */
  format: withoutColumn(z.enum(formats).optional(), { apply: "none" }),
  /** Number of characters of an `alphanumeric` value, from 16 to 512. Default: 48. */
  length: withoutColumn(z.int().min(leastLength).max(512).optional(), { apply: "none" }),
  /** Number of random bytes of a `base64` or `hex` value, from 16 to 768. Default: 32. */
  bytes: withoutColumn(z.int().min(16).max(768).optional(), { apply: "none" }),
  /**
   * Claims of a `jwt`, as the JSON text of an object. Without `iat`, it is the time when the token is made. A change makes a new
   * token at once. Default: `{}`.
   */
  payload: withoutColumn(nonEmptyText.optional(), { apply: "none" }),
  /** Secret that signs a `jwt`. A change makes a new token at once, since the former one is no longer valid. */
  signingKey: withoutColumn(nonEmptyText.optional(), { apply: "none", secret: true }),
  /** Number of the value. Another number makes a new value at once. Default: 1. */
  rotation: withoutColumn(z.int().min(1).optional(), { apply: "none" }),
  /**
   * Variable of which a new resource adopts the value, if it has one, instead of making another. It is named with the kind and
   * id of an object, as in `application/PQqzqTGCVtx0St2SA3vCi/SESSION_KEY`, or with the URN of a resource in the state of this
   * stack; a build argument or build secret as `…/buildArgs/NPM_TOKEN` or `…/buildSecrets/NPM_TOKEN`. A plan names the object, and has
   * no such input where the variable has no value. A value of less than 16 characters is refused, except for a `username` or an
   * `email`, and so is one with references. A `jwt` adopts none: it follows from its key and payload. Later the input has no effect.
   */
  adopts: withoutColumn(
    z
      .string()
      .regex(
        /^(?:\w{1,50}\/[\w.-]{1,100}|urn:pulumi:\P{Cc}{1,2000})(?:\/build(?:Args|Secrets))?\/[A-Za-z_][\w.-]{0,200}$/u,
        "is not a variable, such as application/PQqzqTGCVtx0St2SA3vCi/SESSION_KEY",
      )
      .meta({ examples: ["application/PQqzqTGCVtx0St2SA3vCi/SESSION_KEY"] })
      .optional(),
    { apply: "none", createOnly: true },
  ),
});

export type GeneratedSecretInputs = z.infer<typeof generatedSecretSchema>;

const generatedSecretOutputs = z.object({
  /** The generated text. Secret. */
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
 *
 * @example A token that another secret signs
 * ```ts
 * const jwtSecret = new dokploy.GeneratedSecret("jwt-secret", { format: "base64", bytes: 48 });
 * const anonKey = new dokploy.GeneratedSecret("anon-key", {
 *   format: "jwt",
 *   signingKey: jwtSecret.value,
 *   payload: JSON.stringify({ role: "anon", iss: "shop" }),
 * });
 * ```
 */
export const generatedSecret: Entity<GeneratedSecretInputs, GeneratedSecretOutputs> = {
  kind: "GeneratedSecret",
  schema: generatedSecretSchema,
  outputs: generatedSecretOutputs,
  label: () => undefined,

  check({ format = "alphanumeric", length, bytes, payload, signingKey, adopts }) {
    if (isUnknown(format)) return [];
    const given = { length, bytes, payload, signingKey };
    const misplaced = Object.entries(formatsOf).flatMap(([property, its]) =>
      given[property as keyof typeof formatsOf] === undefined || its.includes(format)
        ? []
        : [{ property, reason: `is for the format ${inWords(its, "or")}, and this one is ${format}` }],
    );
    if (misplaced.length > 0 || format !== "jwt") return misplaced;
    return [
      ...(adopts === undefined
        ? []
        : [
            {
              property: "adopts",
              reason: "is for values that are kept, and a jwt follows from its key; leave it out",
            },
          ]),
      ...(signingKey === undefined
        ? [{ property: "signingKey", reason: "is missing: give the secret that signs the token" }]
        : []),
      ...(payload !== undefined && !isUnknown(payload) && objectIn(payload) === undefined
        ? [{ property: "payload", reason: 'is not the JSON text of an object, such as {"role":"anon"}' }]
        : []),
    ];
  },

  async preflight({ adopts, format }, { reads, run, inform }, { replaced, settle }) {
    if (adopts === undefined || isUnknown(adopts)) return;
    const found = replaced === undefined ? await valueThere(adopts, format, reads, run) : undefined;
    settle?.({ adopts: found?.path });
    if (found === undefined) return;
    run.adoptedValues.set(found.path, found.value);
    inform(
      `GeneratedSecret adopts the value of ${visible(found.key)} that ${found.label} has, instead of making a new one.`,
      "adopts",
    );
  },

  async preview(_inputs, { inform }, { olds, changes }) {
    const names = changes.map(({ input }) => input);
    const kept = ["format", "length", "bytes"].filter((name) => names.includes(name));
    if (olds !== undefined && kept.length > 0 && !names.some((name) => remaking.has(name)))
      inform(
        `GeneratedSecret keeps its value: the new ${inWords(kept, "and")} ${kept.length === 1 ? "counts" : "count"} from the next ` +
          "rotation on.",
        "advice",
      );
    return [];
  },

  async create({ adopts, rotation: _, ...recipe }, { api, run }) {
    const found = adopts === undefined ? undefined : await valueThere(adopts, recipe.format, api, run);
    const planned = adopts === undefined ? undefined : run.adoptedValues.get(adopts);
    // Somebody who changes it now would choose the secret.
    if (planned !== undefined && planned !== found?.value)
      throw new UserError(
        `The value of ${visible(adopts ?? "")}, which the plan adopts, has changed since the plan. Run the update again, and look ` +
          "at its plan.",
      );
    const id = randomBytes(12).toString("hex");
    return { id, outputs: { value: found?.value ?? generate(recipe) } };
  },

  async read(_id, { inputs, outputs }) {
    return { inputs, outputs };
  },

  /** Replaces the value where an input asks for it: a deletion, which `protect` refuses, is not needed for that. */
  async update(_id, olds, inputs) {
    const { rotation = 1, payload, signingKey } = inputs;
    const former = olds?.inputs;
    const stays =
      (former?.rotation ?? 1) === rotation &&
      former?.payload === payload &&
      former?.signingKey === signingKey;
    return olds !== undefined && stays ? olds.outputs : { value: generate(inputs) };
  },

  /** Calls nothing: Dokploy has no object for it. */
  async delete() {},
};

/** Inputs of which another value makes a new secret. */
const remaking: ReadonlySet<string> = new Set(["rotation", "payload", "signingKey"]);

/** Value of a variable in Dokploy. */
interface Found {
  readonly key: string;
  /** Label of the object: `application "api" (PQqzqTGCVtx0St2SA3vCi)`. */
  readonly label: string;
  /** Place of the value, in the form of the input. */
  readonly path: string;
  readonly value: string;
}

/**
 * Returns the value that a variable has in Dokploy; undefined where there is none.
 *
 * @throws UserError where it cannot be known whether there is one, for a place that no object has, and for a value that cannot
 *   be kept as a secret
 */
async function valueThere(
  variable: string,
  format: GeneratedSecretInputs["format"],
  api: Pick<Api, "call">,
  run: Run,
): Promise<Found | undefined> {
  const { owner, field, key } = variableOf(variable);
  const id = owner.startsWith("urn:") ? await objectOf(owner, key, run) : owner;
  if (id === undefined) return undefined;
  const target = targetOfId(id);
  const kind = id.slice(0, id.indexOf("/")) as TargetKind;
  if (target === undefined) throw noPlace(`is not the kind and the id of an object that has variables`);
  if (!traits[kind].texts.includes(field))
    throw noPlace(`names ${field}, which ${nounWithArticle(kind)} does not have`);
  const host = await observe(target as unknown as Target, api as Api);
  const value = host && readEnv(host.texts[field], host.rules[field])[key];
  if (host === undefined || value === undefined || value === "") return undefined;
  const isName = format === "username" || format === "email";
  const problem =
    value.length < leastLength && !isName
      ? `has fewer than ${leastLength} characters, too few for a secret that is to be kept`
      : isReplaced(parse(host.texts[field] ?? "").get(key) ?? "", value, host.rules[field])
        ? "is replaced before its container sees it, so it cannot be kept as a secret"
        : undefined;
  if (problem !== undefined)
    throw new UserError(
      `${visible(key)} of ${host.label} ${problem}. Remove it in Dokploy, so that a new one is made, or keep it with !secret.`,
    );
  const place = field === "env" ? key : `${field}/${key}`;
  return { key, label: host.label, path: `${id}/${place}`, value };
}

/** Returns the error for a place that no object has: a new value would replace the one that somebody means. */
function noPlace(reason: string): UserError {
  return new UserError(
    `The input adopts ${reason}. Give the place of a variable, such as application/PQqzqTGCVtx0St2SA3vCi/SESSION_KEY; the kinds ` +
      `are ${kinds.join(", ")}. Or leave adopts out, so that a new value is made.`,
  );
}

/** True for a value with references, or one that Docker changes. */
function isReplaced(raw: string, value: string, rules: EnvDialect): boolean {
  return referencesOf(raw).length > 0 || !isDeepStrictEqual(arrivalOf(raw, rules), { text: value });
}

/** Parts of a variable's place. */
interface Variable {
  /** Kind and id of an object, or URN of a resource. */
  readonly owner: string;
  readonly field: Field;
  readonly key: string;
}

function variableOf(variable: string): Variable {
  const [, owner = "", field = "env", key = ""] =
    /^(.*?)(?:\/(buildArgs|buildSecrets))?\/([^/]*)$/su.exec(variable) ?? [];
  return { owner, field: field as Field, key };
}

/**
 * Returns the object of a resource in the state, as its kind and id. Others may have the name of the resource, but not its URN,
 * which the provider that manages it does not change.
 */
async function objectOf(urn: string, key: string, run: Run): Promise<string | undefined> {
  const { kind = "", name = "" } = parseUrn(urn) ?? {};
  const path = kind === "EnvironmentBlock" ? "" : `${targetOf(kind)}/`;
  if (kind !== "EnvironmentBlock" && targetOf(kind) === undefined)
    throw noPlace("names a resource of a kind that has no variables");
  const resources = await run.ownership.holdings.named(name);
  if (resources === undefined)
    throw new UserError(
      `The provider cannot read the state of this stack, so it does not know whether ${kind} "${visible(name)}" already has ` +
        `${visible(key)}, and a new value would replace that. It reads the state with \`pulumi stack export\`. Make sure that ` +
        "the folder of `pulumi` is in PATH, and that PULUMI_BACKEND_URL names the backend or `pulumi login` has selected it.",
    );
  const resource = resources.find((one) => identityOf(one.urn) === identityOf(urn));
  // The id of a block is that of its target.
  return resource && `${path}${resource.id}`;
}
