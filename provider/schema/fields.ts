import { z } from "zod";
import type { Column, Router } from "../dokploy/columns";
import type { EnvDialect } from "../env/codec";
import { idPattern, notAnId } from "./ids";
import { isImage } from "./image";

/**
 * What makes a changed input effective, from weakest to strongest:
 * nothing to do (or it works by itself), a service update, a build without a fresh clone or pull, a deployment.
 */
export const applyClasses = ["none", "reload", "redeploy", "deploy"] as const;
export type Apply = (typeof applyClasses)[number];

/**
 * How an input is kept in Dokploy: the facts that sit beside its type in a resource's schema. `Columns` are those of the
 * rows that the resource writes.
 */
export interface FieldSpec<Columns extends string = never> {
  /** The column of Dokploy's row. Inputs without one are the provider's own (`deploy`, `deleteVolumes`). */
  column?: Columns;
  /** What a change needs by default; a function where that depends on what the object belongs to. */
  apply: Apply | ((inputs: object) => Apply);
  /** The weakest method that still makes a change effective, when the user asks for one. Default: `apply`. */
  minApply?: Apply;
  /** Whether nothing that runs can tell one value from the other: such a change is saved, and needs no more. */
  saysSame?: (before: string, after: string) => boolean;
  /** What the column gets when the input is taken out of the program. Left out: the column stays as it is. */
  reset?: unknown;
  /** Input to column, where they differ. */
  write?: (value: never) => unknown;
  /** Column to input, where they differ. */
  read?: (column: never) => unknown;
  /**
   * `true`: a secret by its nature, so that it is marked whether the program says so or not. `"login"`: an address, which is
   * one where a login stands in it. `"maybe"`: the program says what is secret in it. Of all three, what the server gives
   * and the program did not is marked.
   */
  secret?: true | "login" | "maybe";
  /** Dokploy takes the value and never shows it: it is not read back, and written again with every change of the object. */
  writeOnly?: boolean;
  /**
   * Set on maps of environment variables: which rules their text follows; of several, where that is not known yet, the
   * likeliest first. `row` is the object as it is now, where there is one.
   */
  env?: EnvDialect | ((inputs: object, row?: object) => EnvDialect | readonly [EnvDialect, ...EnvDialect[]]);
  /** Dokploy keeps it in another place as well, which the row does not tell: what differs from the state is written again. */
  elsewhere?: boolean;
  /** A change cannot be made in place: the object is deleted and created again. */
  replace?: boolean;
  /** Used at creation alone; a later change means nothing. */
  createOnly?: boolean;
  /** Used by checks alone; a change means nothing. */
  checkOnly?: boolean;
  /** The definition itself looks whether what the ids in it name is there. Of all others every plan does, see `idsOfNothing`. */
  looksItself?: true;
}

declare module "zod" {
  interface GlobalMeta {
    field?: FieldSpec<string>;
    /** Set on ids of Dokploy: the name of the input ends in what it is the id of. */
    isId?: true;
  }
}

/** Attaches to the type of an input that has no column how a change of it takes effect. */
export function field<S extends z.ZodType>(schema: S, spec: FieldSpec): S {
  return attach(schema, spec);
}

/** What describes the inputs of a resource whose rows have these columns. */
export interface Kept<Columns extends string> {
  /** Attaches to an input's type how Dokploy keeps it. */
  field<S extends z.ZodType>(schema: S, spec: FieldSpec<Columns>): S;
  /** A map of environment variables that Dokploy keeps as one text. Taken out of the program, the text stays. */
  variables(kept: {
    column: Columns;
    target: NonNullable<FieldSpec["env"]>;
    apply: Apply;
    minApply?: Apply;
  }): z.ZodOptional<typeof envMap>;
}

/**
 * Describes inputs that are kept in rows of these routers, so that the compiler knows their columns. What several kinds of
 * objects share names all of their routers, and may use the columns that all of them have. `More` are columns that the
 * definition adds to the rows.
 *
 * @example
 * const { field } = keptIn<"domain">();
 * const host = field(text, { column: "host", apply: "none" });
 */
export function keptIn<R extends Router, More extends string = never>(): Kept<Column<R> | More> {
  return {
    field: attach,
    variables: ({ column, target, apply, minApply = apply }) =>
      attach(envMap.optional(), {
        column,
        apply,
        minApply,
        env: target,
        secret: target === "secret" ? true : "maybe",
      }),
  };
}

function attach<S extends z.ZodType>(schema: S, spec: FieldSpec<string>): S {
  return schema.meta({ field: spec }) as S;
}

/** A string that is not empty. */
export const text = z.string().min(1);

/** An id as Dokploy gives it (`applicationId`, `environmentId` …). */
export const id = z.string().regex(idPattern, notAnId).meta({ isId: true });

/** An image of Docker, which Dokploy pulls by this text as it is. */
const notAnImage = "is not an image such as ghcr.io/acme/api:1.4.2";
export const imageName = z
  .string()
  .regex(/^[^\s:@/][^\s]*[^\s:@/]$|^\w$/, { error: notAnImage, abort: true })
  // What is put in by the tag of the run is looked at once it is there.
  .refine((text) => isImage(text.replace(/\$(?:\{\w*\}|\w*)/g, "x")), notAnImage);

/**
 * Text that Dokploy puts into a line of the shell on the server, as far as it can be one word: nothing in it ends that word or
 * is run. A password in an address has such characters encoded (`%3B`).
 */
export const shellWord = z
  .string()
  .regex(
    /^[^\s\p{Cc};$`|&<>"'\\(){}]+$/u,
    "is not one word for the shell on the server: it holds a blank, a quote, or one of ; $ ` | & < > \\ ( ) { } (write them as %3B and the like in an address)",
  );

/** The address of a registry, with or without a scheme and a path; empty for Docker Hub. */
export const registryAddress = z
  .string()
  .regex(
    /^(?:(?:https?:\/\/)?[A-Za-z0-9][A-Za-z0-9.-]{0,253}(?::\d{1,5})?(?:\/[\w./-]{0,1000})?)?$/,
    "is not the address of a registry such as ghcr.io or https://registry.example.com:5000",
  );

/** A port of TCP or UDP. */
export const portNumber = z.number().int().min(1).max(65_535);

/**
 * A host name of DNS, as Dokploy takes it: labels of letters, digits and inner hyphens. Dokploy keeps capitals, and Traefik
 * does not tell them apart: in small letters one name has one form.
 */
const hostShape = [
  /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-)){0,127}$/,
  "is not a host name such as shop.example.com: small letters, digits, - and dots, without a scheme, a path or a wildcard",
] as const;
export const hostName = z
  .string()
  .max(253)
  .regex(...hostShape);

/** A host name by which Traefik finds a service: Dokploy takes no wildcard, and its rule would serve none. */
export const servedHost = z
  .string()
  .max(253)
  .regex(/^[^*]*$/, {
    error:
      "is a wildcard, for which Dokploy has no domain: give each host one of its own, or route all of them by a TraefikFile " +
      "whose rule is a HostRegexp",
    abort: true,
  })
  .regex(...hostShape);

/** Ids in any order, and each once, where Dokploy has a set of them. */
export function asSet(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}

/** The address of a server on the web, to which paths are added. */
export const webAddress = z
  .string()
  .regex(
    /^https?:\/\/(?:[A-Za-z0-9](?:[\w.-]{0,253}[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?(?:\/[\w.~%@:+,=/-]{0,1000}[\w.~%@:+,=-])?$/,
    "is not an address such as https://git.example.com: without a login, and without a slash or a query at its end",
  );

/**
 * The address of a server on the web as somebody may give it with a login, which makes it a secret, or with a slash at its end.
 * Dokploy puts such an address into variables and requests as it is.
 */
export const serverAddress = z
  .string()
  .regex(
    /^https?:\/\/(?:[\w.~%!*+,=:-]{1,1000}@)?[\p{L}\p{N}[][\p{L}\p{N}.:_\]-]{0,259}(?:\/[\w.~%@:+,=/-]{0,1000})?$/u,
    "is not an address such as https://push.example.com: it begins with http:// or https://, and has no blank, no quote, no " +
      "query and nothing that a shell takes",
  );

/** An address on the web that is called as it is, a webhook for instance: of characters that addresses have (RFC 3986). */
export const webLink = z
  .string()
  .regex(
    /^https?:\/\/[\p{L}\p{N}[][\p{L}\p{N}.:@_~%!$&'()*+,;=\]-]{0,1000}(?:[/?#][\w.~%!$&'()*+,;=:@/?#[\]-]{0,4000})?$/u,
    "is not an address that begins with http:// or https:// and has no blank or quote in it (write them as %20 and %22)",
  );

/** Git branches end up in a shell line on the server, so the API allows only these characters. */
export const branch = z
  .string()
  .regex(/^[a-zA-Z0-9._\-/#]+$/, "is not a branch name that Dokploy takes (letters, digits and . _ - / #)");

/** Variable names to values. Names and values are checked against the rules of their target in `lifecycle`. */
export const envMap = z.record(z.string(), z.string());

const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
const sizePattern = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

/** A size as people write it: `"512MiB"`, `"1.5GB"`. Binary units count in 1024, decimal ones in 1000. */
export const size = z
  .string()
  .regex(
    sizePattern,
    'is not a size such as "512MiB" or "1.5GB" (units B, KB, MB, GB, TB, KiB, MiB, GiB, TiB)',
  );

/** `"512MiB"` to `"536870912"`: bytes as a decimal string, which is what Dokploy parses. */
export function sizeToBytes(value: string): string {
  const [, amount = "", unit = ""] = sizePattern.exec(value) ?? [];
  return String(Math.round(Number(amount) * (byteUnits[unit] ?? Number.NaN)));
}

/** `"536870912"` to `"512MiB"`: the largest binary unit that divides it, else bytes. */
export function bytesToSize(bytes: string): string {
  const count = Number(bytes);
  for (const unit of ["TiB", "GiB", "MiB", "KiB"] as const) {
    const factor = byteUnits[unit] ?? 1;
    if (count >= factor && count % factor === 0) return `${count / factor}${unit}`;
  }
  return `${bytes}B`;
}

/** A number of CPUs, fractions allowed: `0.5` is half of one core. */
export const cpus = z.number().positive();

/** `0.5` to `"500000000"`: nano-CPUs as a decimal string. */
export function cpusToNano(value: number): string {
  return String(Math.round(value * 1e9));
}

export function nanoToCpus(nano: string): number {
  return Number(nano) / 1e9;
}

/** The inputs through which a change of shared variables reaches services. */
export const forReferrers = {
  /**
   * After a change of shared variables, deploy the services that refer to what changed, and wait for them: those that
   * were deployed before, and no others. Default: false, and the change reaches a service at its next deployment.
   */
  redeployReferrers: field(z.boolean().optional(), { apply: "none" }),
};

/** The input by which a program agrees to what somebody else would lose. */
export const forVariables = {
  /**
   * Remove and overwrite variables that somebody else set since the last run, and say so. Default: false, and such an update is
   * refused before anything is saved, with their names.
   */
  overwriteVariables: field(z.boolean().optional(), { apply: "none", checkOnly: true }),
};

/** How something is deployed. */
export const deployOptions = z.strictObject({
  /**
   * `deploy` clones or pulls and builds; `redeploy` builds what is there; `reload` only updates the service (for
   * values that are read at run time). A change that needs more than the method gives gets what it needs.
   * Default: what the changed inputs need.
   */
  method: z.enum(["deploy", "redeploy", "reload"]).optional(),
  /**
   * `running` waits until the new containers have run for 10 s (5 s once a health check has passed), and fails when they
   * crash, are unhealthy, or Swarm puts the old version back in silence. `deployed` ends with Dokploy's deployment. Default: `running`, or what the setting
   * `dokploy:waitFor` says.
   */
  waitFor: z.enum(["running", "deployed"]).optional(),
  /** How long the new containers may take until they run, in seconds. Default: 120. */
  runningTimeoutSeconds: z.number().int().positive().max(86_400).optional(),
  /** How long to wait for the deployment to end, in seconds, its time in the queue included. Default: 900. */
  timeoutSeconds: z.number().int().positive().max(86_400).optional(),
  /**
   * When the deployment of a change fails, put the configuration back that was there before, and deploy that. The error
   * tells how both went, and the next plan shows the change again. Default: false.
   */
  rollbackOnFailure: z.boolean().optional(),
  /**
   * Title of the deployment in Dokploy, which puts the commit's message in its place when it ends a deployment from a git
   * source. Default: the stack and the names of the keys that changed.
   */
  title: z.string().min(1).max(200).optional(),
  /**
   * Description of the deployment in Dokploy, kept as long as the title. Default: all names of changed keys, and the commit
   * in CI.
   */
  description: z.string().max(2000).optional(),
});
export type DeployOptions = z.infer<typeof deployOptions>;

/** How a change is applied; `false` saves without applying. */
export const deployOption = z.union([z.boolean(), deployOptions]);
export type DeployOption = z.infer<typeof deployOption>;
