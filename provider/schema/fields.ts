import { z } from "zod";
import type { Column, Router } from "../dokploy";
import type { EnvDialect } from "../env";
import { idPattern, notAnId } from "./ids";

/**
 * Actions that apply a changed input, from weakest to strongest: none (the change needs no action), a service update, a
 * build without a new clone or pull, a deployment.
 */
export const applyClasses = ["none", "reload", "redeploy", "deploy"] as const;
export type Apply = (typeof applyClasses)[number];

/**
 * Facts about an input in Dokploy, attached to its type in the schema of a resource. `Columns` are those of the rows
 * that the resource writes.
 */
export interface FieldSpec<Columns extends string = never> {
  /** Column of Dokploy's row. Inputs without one belong to the provider (`deploy`, `deleteVolumes`). */
  column?: Columns;
  /** Default action for a change; a function if that depends on the owner of the object. */
  apply: Apply | ((inputs: object) => Apply);
  /** Weakest method that still applies a change, when the user asks for one. Default: `apply`. */
  minApply?: Apply;
  /** Returns true if the difference does not affect a running service, so that a change is only saved. */
  saysSame?: (before: string, after: string) => boolean;
  /** Value of the column when the input is removed from the program. When left out, the column stays as it is. */
  reset?: unknown;
  /** Converts the input to the column, if they differ. */
  write?: (value: never) => unknown;
  /** Converts the column to the input, if they differ; undefined if the input cannot say it. `row` is the whole row. */
  read?: (column: never, row: never) => unknown;
  /**
   * Returns true for a row of which an export gives the default too. Only an input that a program gives is read back, so that a
   * refresh would not find what people change by hand.
   */
  exportsDefault?: (row: Readonly<Record<string, unknown>>) => boolean;
  /** True for an older name of an input: what Dokploy has is shown under the other name where that can say it. */
  former?: true;
  /**
   * Kind of secret. `true`: always a secret, and marked as one even if the program does not. `"login"`: an address,
   * which is a secret if it has a login. `"maybe"`: the program marks the secrets in it. In all three, a value that
   * only the server gives is marked.
   */
  secret?: true | "login" | "maybe";
  /** True if Dokploy never shows the value: it is not read back, and is written with every change. */
  writeOnly?: boolean;
  /** True if every update of a simple object sends the column as the row has it, since Dokploy fails without any. */
  resent?: true;
  /** Rules for a map of variables, the likeliest of several first. `row` is the current object, if it exists. */
  env?: EnvDialect | ((inputs: object, row?: object) => EnvDialect | readonly [EnvDialect, ...EnvDialect[]]);
  /**
   * True when the text of these variables may have others too, so that references to those are valid.
   */
  sharesText?: true | ((inputs: object) => boolean);
  /**
   * Returns the row with the value that Dokploy also keeps in another place, for a search for drift. A value that
   * differs from the state is written again.
   *
   * @param owner row of the parent
   */
  elsewhere?: (row: never, owner: never, api: never) => unknown;
  /** True if its values must differ within a parent, when given. */
  distinct?: true;
  /**
   * Returns the reason, as the end of a sentence, why Dokploy itself needs the object of a row. The program never
   * adopts, changes or deletes that object, and no other object has its value of this input.
   *
   * @param owner row of the parent
   */
  reserved?: (
    row: Readonly<Record<string, unknown>>,
    owner: Readonly<Record<string, unknown>>,
  ) => string | undefined;
  /** Value of an object that belongs to Dokploy itself, so that a missing id of the parent does not lead there. */
  alone?: string;
  /** True if a change cannot be made in place: the object is deleted and created again. */
  replace?: boolean;
  /** True if only a creation uses it; a later change has no effect. */
  createOnly?: boolean;
  /**
   * True if only checks use it: a change has no effect, and a plan shows it. `"quietly"` if a plan does not show it
   * either, since the program does not give it.
   */
  checkOnly?: boolean | "quietly";
  /** True if the kind checks that the objects of its ids exist; for others every plan does (`idsOfNothing`). */
  looksItself?: true;
}

declare module "zod" {
  interface GlobalMeta {
    field?: FieldSpec<string>;
    /** True for ids of Dokploy; the end of the input's name says the kind of object. */
    isId?: true;
  }
}

/** Attaches the effect of a change to the type of an input without a column. */
export function withoutColumn<S extends z.ZodType>(schema: S, spec: FieldSpec): S {
  return attach(schema, spec);
}

/** Functions that describe the inputs of a resource whose rows have these columns. */
export interface Kept<Columns extends string> {
  /** Attaches the facts about an input in Dokploy to its type. */
  field<S extends z.ZodType>(schema: S, spec: FieldSpec<Columns>): S;
  /** Describes a map of variables that Dokploy keeps as one text, which stays when the map is removed. */
  variables(kept: {
    column: Columns;
    target: NonNullable<FieldSpec["env"]>;
    apply: Apply;
    minApply?: Apply;
    sharesText?: FieldSpec["sharesText"];
  }): z.ZodOptional<typeof envMap>;
}

/**
 * Describes inputs in rows of these routers, so that the compiler knows their columns. An input that several kinds
 * share names all of their routers, and may use only their common columns. `More` are columns that the definition adds
 * to the rows.
 *
 * @example
 * const { field } = keptIn<"domain">();
 * const host = field(text, { column: "host", apply: "none" });
 */
export function keptIn<R extends Router, More extends string = never>(): Kept<Column<R> | More> {
  return {
    field: attach,
    variables: ({ column, target, apply, minApply = apply, sharesText }) =>
      attach(envMap.optional(), {
        column,
        apply,
        minApply,
        env: target,
        ...(sharesText === undefined ? {} : { sharesText }),
        secret: target === "secret" ? true : "maybe",
      }),
  };
}

function attach<S extends z.ZodType>(schema: S, spec: FieldSpec<string>): S {
  return schema.meta({ field: spec }) as S;
}

/** Text that is not empty. */
export const nonEmptyText = z.string().min(1);

/** An id in Dokploy's format (`applicationId`, `environmentId` …). */
export const id = z.string().regex(idPattern, notAnId).meta({ isId: true });

/** Returns ids sorted and without duplicates, for columns in which Dokploy has a set. */
export function asSet(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}

/** Values of variables by name. They are checked against the rules of their target in `lifecycle`. */
export const envMap = z.record(z.string(), z.string());

/** Inputs through which a change of shared variables reaches services. */
export const forReferrers = {
  /**
   * True to deploy the services that refer to changed shared variables, and to wait for them; only services that were
   * deployed before. Otherwise a change reaches a service at its next deployment. Default: false.
   */
  redeployReferrers: withoutColumn(z.boolean().optional(), { apply: "none" }),
};

/** Input by which a program accepts the loss of variables that others set. */
export const forVariables = {
  /**
   * True to remove or overwrite variables that somebody else set since the last run, and to set variables again that
   * somebody removed, with a warning. Otherwise such an update is refused before anything is saved, with their names.
   * Default: false.
   */
  overwriteVariables: withoutColumn(z.boolean().optional(), { apply: "none", checkOnly: true }),
};

/** Options of a deployment. */
export const deployOptions = z.strictObject({
  /**
   * Method: `deploy` clones or pulls, and builds; `redeploy` builds the code that is already there; `reload` only
   * updates the service, for values that are read at run time. A change that needs a stronger method gets it. Default:
   * the method that the changed inputs need.
   */
  method: z.enum(["deploy", "redeploy", "reload"]).optional(),
  /**
   * End of the wait. `running`: when the new containers have run for 10 s (5 s once a health check has passed). It
   * fails when they crash, are unhealthy, or Swarm silently restores the old version. `deployed`: when Dokploy's
   * deployment ends. Default: the setting `dokploy:waitFor`, or else `running`.
   */
  waitFor: z.enum(["running", "deployed"]).optional(),
  /** Time within which the new containers must run, in seconds. Default: 120. */
  runningTimeoutSeconds: z.number().int().positive().max(86_400).optional(),
  /** Time within which the deployment must end, in seconds, including its time in the queue. Default: 900. */
  timeoutSeconds: z.number().int().positive().max(86_400).optional(),
  /**
   * True to restore the previous configuration and deploy it when the deployment of a change fails. The error reports
   * both results, and the next plan shows the change again. Default: false.
   */
  rollbackOnFailure: z.boolean().optional(),
  /**
   * Title of the deployment in Dokploy, which replaces it with the message of the commit when a deployment from git
   * ends. Default: the stack and the names of the changed keys.
   */
  title: z.string().min(1).max(200).optional(),
  /**
   * Description of the deployment in Dokploy, which replaces it together with the title. Default: the names of all
   * changed keys, and the commit in CI.
   */
  description: z.string().max(2000).optional(),
});
export type DeployOptions = z.infer<typeof deployOptions>;

/** Way to apply a change; `false` saves without applying. */
export const deployOption = z.union([z.boolean(), deployOptions]);
export type DeployOption = z.infer<typeof deployOption>;
