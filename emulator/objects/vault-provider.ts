import type { Endpoint, Endpoints } from "../instance/endpoint";
import { mutation } from "../instance/endpoint";
import { ApiError, badRequest } from "../instance/errors";
import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";
import type { Assignment } from "../instance/vaults";

const MASK = "********";

/** Secret column of each kind. */
const SECRET: Readonly<Record<string, string>> = {
  hashicorp: "token",
  infisical: "clientSecret",
  aws: "secretAccessKey",
  doppler: "serviceToken",
  azure: "clientSecret",
  scaleway: "secretKey",
};

/**
 * Defines the calls of vault providers, which do more than those of other simple objects: masks, assignments, and
 * the vault itself.
 */
export function vaultProviderEndpoints(simple: Endpoints): Endpoints {
  const call = (verb: string) => simple[`vaultProvider.${verb}`] as Endpoint;
  const run = (verb: string, instance: Instance, input: Row) =>
    call(verb).run(instance, input as never, instance.ownerId) as Row;
  const { create, update, one, all } = {
    create: call("create"),
    update: call("update"),
    one: call("one"),
    all: call("all"),
  };
  return {
    "vaultProvider.create": {
      ...create,
      run: (instance, input: Row) => {
        const filled = withAssignments(instance, input);
        return masked(run("create", instance, { ...filled, providerType: configIn(input)["providerType"] }));
      },
    },
    "vaultProvider.update": {
      ...update,
      run: (instance, input: Row) => {
        const stored = instance.simple("vaultProvider").get(String(input["vaultProviderId"]));
        if (!stored) throw new ApiError("NOT_FOUND", "Vault provider not found");
        const config = merged(configIn(input), configIn(stored));
        const filled = { ...withAssignments(instance, input), config, providerType: config["providerType"] };
        return masked(run("update", instance, filled));
      },
    },
    "vaultProvider.one": { ...one, run: (instance, input: Row) => masked(run("one", instance, input)) },
    "vaultProvider.all": {
      ...all,
      run: (instance, input: Row) =>
        (run("all", instance, input) as unknown as Row[])
          .map(masked)
          .sort((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1)),
    },
    "vaultProvider.testConnection": mutation(
      call("create").input?.pick({ config: true }),
      (instance, input) => {
        const config = configIn(input);
        const refusal = instance.vaults.refusals.get(String(config[secretOf(config)]));
        if (refusal !== undefined) throw badRequest(refusal);
        return true;
      },
    ),
  };
}

function configIn(row: Row): Row {
  return row["config"] as Row;
}

function secretOf(config: Row): string {
  return SECRET[String(config["providerType"])] ?? "";
}

function masked(row: Row): Row {
  const config = configIn(row);
  return { ...row, config: { ...config, [secretOf(config)]: MASK } };
}

function merged(config: Row, stored: Row): Row {
  const name = secretOf(config);
  if (config[name] !== MASK) return config;
  if (config["providerType"] !== stored["providerType"])
    throw badRequest("Credentials must be re-entered when changing the provider type");
  return { ...config, [name]: stored[name] };
}

function withAssignments({ tables }: Instance, input: Row): Row {
  const given = input["assignments"] as readonly Partial<Assignment>[];
  const assignments = given.map(({ projectId = "", environmentIds = [] }) => ({ projectId, environmentIds }));
  for (const { projectId, environmentIds } of assignments) {
    if (!tables.project.has(projectId))
      throw badRequest("Assignment references a project outside this organization");
    if (environmentIds.some((id) => tables.environment.get(id)?.projectId !== projectId))
      throw badRequest("Assignment references an environment outside the selected project");
  }
  return { ...input, assignments };
}
