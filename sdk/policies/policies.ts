import type { PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { visible, visibleLines } from "../../packages/text";
import type { Values } from "../../packages/values";
import { inputNames } from "../run";
import { type Rule, type RuleConfig, rules } from "./rules";
import { copy, placed, type Seen, seen } from "./seen";

/** Name of a policy of {@link policies}. */
export type PolicyName = keyof typeof rules;

/** Settings of each policy: exceptions, with the reason by the kind and name of the resource, and those of its rule. */
interface Config extends RuleConfig {
  readonly exceptions?: Readonly<Record<string, string>>;
}

/**
 * Returns the policies for a pack. Pulumi's configuration of the pack sets their levels, and the exceptions of each.
 *
 * @example
 * ```ts
 * import { PolicyPack } from "@pulumi/policy";
 * import { policies } from "pulumi-dokploy/policies";
 *
 * new PolicyPack("acme", { policies: policies() }, {
 *   "no-memory-limit": "mandatory",
 *   "no-https": { exceptions: { "Domain wiki": "only in the company's network" } },
 * });
 * ```
 */
export function policies(): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const run = new Run();
  return [
    run.secretMarks(),
    ...Object.entries(rules as Readonly<Record<string, Rule>>).map(([name, rule]) => run.policy(name, rule)),
    run.exceptions(),
  ];
}

/** The resources of a run, which policies see one after the other. */
class Run {
  readonly #seen = new Map<string, Seen>();
  /** Inputs that are not secret, by URN: only remediations get the marks of secrets. */
  readonly #open = new Map<string, Values>();
  readonly #excepted = new Set<string>();
  /** Sentences about settings that a policy does not have: Pulumi ignores them. */
  readonly #mistyped = new Set<string>();

  /** Remembers which inputs are secret. It runs before the others, and changes nothing. */
  secretMarks(): ResourceValidationPolicy {
    return {
      name: "secret-marks",
      description:
        "Remembers for plain-secret which inputs are secret; it changes nothing and finds nothing.",
      enforcementLevel: "remediate",
      remediateResource: ({ urn, props }) => {
        this.#open.set(urn, copy(props, true));
      },
    };
  }

  policy(
    name: string,
    { description, level, settings = [], of, among }: Rule,
  ): ResourceValidationPolicy & Partial<StackValidationPolicy> {
    return {
      name,
      description,
      enforcementLevel: level,
      configSchema: schemaOf(settings),
      validateResource: (args, report) => {
        const resource = seen(args, this.#open.get(args.urn));
        if (resource === undefined) return;
        this.#seen.set(resource.urn, resource);
        const config = args.getConfig<Config>();
        this.#checkNames(name, config, ["exceptions", ...settings]);
        for (const text of of?.(resource, config) ?? [])
          if (!this.#isExcepted(name, resource, config)) report(visibleLines(text));
      },
      ...(among && {
        validateStack: ({ resources, getConfig }, report) => {
          const config = getConfig<Config>();
          const all = resources.flatMap((resource) => placed(resource, this.#seen.get(resource.urn)) ?? []);
          for (const found of among(all, config))
            if (!this.#isExcepted(name, found, config)) report(visibleLines(found.text), found.urn);
        },
      }),
    };
  }

  /** Shows the exceptions that the others made, and mistakes in their settings. It comes last. */
  exceptions(): StackValidationPolicy {
    return {
      name: "exceptions",
      description: "Exceptions of the other policies, with their reasons.",
      enforcementLevel: "advisory",
      validateStack: (_, report) => {
        for (const text of [...this.#mistyped, ...this.#excepted]) report(visibleLines(text));
        if (this.#seen.size > 0 && this.#open.size === 0)
          report(
            "plain-secret finds nothing unless secret-marks has its own level: leave that out of the configuration.",
          );
      },
    };
  }

  #checkNames(policy: string, config: Config, known: readonly string[]): void {
    for (const name of Object.keys(config).filter((each) => !known.includes(each)))
      this.#mistyped.add(`${policy} has no setting "${visible(name)}": it has ${known.join(", ")}.`);
    for (const name of Object.keys(config.exceptions ?? {})) {
      const [, kind = ""] = /^(\w+) ./.exec(name) ?? [];
      if (!Object.hasOwn(inputNames, kind))
        this.#mistyped.add(
          `${policy} has an exception for "${visible(name)}", which names no kind: write it before the name, as in "Domain wiki".`,
        );
    }
  }

  #isExcepted(
    policy: string,
    { kind, name }: Pick<Seen, "kind" | "name">,
    { exceptions = {} }: Config,
  ): boolean {
    // A resource of another kind may get the name from somebody who cannot change the exceptions.
    const resource = `${kind} ${name}`;
    const reason = Object.hasOwn(exceptions, resource) ? exceptions[resource] : undefined;
    if (reason === undefined || reason.trim() === "") return false;
    this.#excepted.add(`${policy} does not apply to ${resource}: ${reason}`);
    return true;
  }
}

const texts = { type: "array", items: { type: "string" } } as const;

function schemaOf(settings: readonly (keyof RuleConfig)[]): PolicyConfigSchema {
  return {
    properties: {
      exceptions: {
        type: "object",
        additionalProperties: { type: "string", pattern: "\\S" },
        description:
          'Reason by the kind and name of a resource that the policy does not apply to: "Domain wiki".',
      },
      ...Object.fromEntries(settings.map((name) => [name, texts])),
    },
  };
}
