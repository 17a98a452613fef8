import type { RunPulumi } from "../../../../cli/stack";
import type { Emulator } from "../../../../emulator";
import { byHand } from "../by-hand";

/** A server with two stages of a shop, and the stacks that have them. */
export interface Shop {
  readonly pulumi: RunPulumi;
  /** Ids of the services by stage and name. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * Makes two stages with services, a database, a network, addresses and a backup.
 *
 * @param hostile text at the end of each name, as a hostile member of the team adds it
 */
export async function shopOn(emulator: Emulator, hostile = ""): Promise<Shop> {
  const call = <T>(endpoint: string, input: Record<string, unknown>, method?: string) =>
    byHand<T>(emulator, endpoint, input, method);
  const ids = new Map<string, string>();
  const states = new Map<string, object[]>();
  const { project, environment } = await call<{
    project: { projectId: string };
    environment: { environmentId: string };
  }>("project.create", { name: `shop${hostile}` });
  const { projectId } = project;
  const test = await call<{ environmentId: string }>("environment.create", {
    name: `test${hostile}`,
    projectId,
  });
  const places = { test: test.environmentId, prod: environment.environmentId };
  const { networkId } = await call<{ networkId: string }>("network.create", {
    name: hostile === "" ? "shop-inner" : "shop-other",
    driver: "overlay",
  });
  for (const [stage, environmentId] of Object.entries(places)) {
    const resources: object[] = [];
    states.set(stage, resources);
    const declare = (kind: string, name: string, id: string, inputs: object) => {
      const type = `pulumi-nodejs:dynamic/dokploy:${kind}`;
      ids.set(`${stage} ${name}`, id);
      resources.push({ urn: `urn:pulumi:${stage}::shop::${type}::${name}`, type, id, inputs, outputs: {} });
    };
    const { postgresId, appName } = await call<{ postgresId: string; appName: string }>("postgres.create", {
      name: `orders${hostile}`,
      appName: "orders",
      databaseName: "orders",
      databaseUser: "orders",
      databasePassword: "canary-of-the-database",
      dockerImage: "postgres:17",
      environmentId,
    });
    await call("postgres.deploy", { postgresId });
    declare("Postgres", `orders${hostile}`, postgresId, {});
    for (const name of ["api", "web", "worker"]) {
      const created = await call<{ applicationId: string; appName: string }>("application.create", {
        name: `${name}${hostile}`,
        environmentId,
      });
      const { applicationId } = created;
      ids.set(`${stage} ${name} host`, created.appName);
      const image = `ghcr.io/acme/${name}:1.4.2`;
      const env =
        name === "web"
          ? `API_URL=http://${ids.get(`${stage} api host`)}:3000`
          : `DATABASE_URL=postgres://orders:canary-of-the-database@${appName}:5432/orders\nLOG_LEVEL=${stage === "test" ? "debug" : "info"}${stage === "test" ? "\nNEW_CHECKOUT=on" : ""}`;
      await call("application.update", {
        applicationId,
        sourceType: "docker",
        dockerImage: image,
        networkIds: name === "web" ? [] : [networkId],
      });
      await call("application.saveEnvironment", {
        applicationId,
        env,
        buildArgs: "",
        buildSecrets: "",
        createEnvFile: true,
      });
      declare("Application", `${name}${hostile}`, applicationId, {
        source: { type: "docker", image: name === "worker" ? "ghcr.io/acme/worker:1.4.1" : image },
        env: Object.fromEntries(
          env.split("\n").map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]),
        ),
      });
      if (name !== "worker")
        await call("domain.create", {
          applicationId,
          host: `${name}.${stage}.shop.example.com`,
          https: true,
          certificateType: "letsencrypt",
        });
      const description = "Commit: 0123456789abcdef0123456789abcdef01234567";
      if (name !== "worker" || stage === "prod")
        await call("application.deploy", {
          applicationId,
          title: `Pulumi shop/${stage}: ${name}${hostile}`,
          description,
        });
    }
  }
  const { destinationId } = await call<{ destinationId: string }>("destination.create", {
    ...{
      name: "bucket",
      provider: "AWS",
      accessKey: "a",
      secretAccessKey: "s",
      bucket: "b",
      region: "r",
      endpoint: "https://s3.example.com",
      additionalFlags: [],
    },
  });
  await call("backup.create", {
    ...{
      schedule: "0 3 * * *",
      prefix: `nightly${hostile}`,
      destinationId,
      database: "orders",
      enabled: true,
    },
    ...{ postgresId: ids.get(`prod orders${hostile}`), databaseType: "postgres" },
  });
  await call("volumeBackups.create", {
    ...{ name: `uploads${hostile}`, volumeName: "uploads", prefix: "/", cronExpression: "30 4 * * *" },
    ...{
      destinationId,
      serviceType: "application",
      applicationId: ids.get(`prod api${hostile}`),
      enabled: true,
    },
  });
  for (const deadline = Date.now() + 60_000; ; ) {
    const tasks = emulator.instance.containers.all().flatMap((service) => service.tasks);
    const queue = await call<unknown[]>("deployment.queueList", {}, "GET");
    if (queue.length === 0 && tasks.length >= 7 && tasks.every(({ current }) => current === "Running")) break;
    if (Date.now() > deadline) throw new Error("The services of the shop do not run.");
  }
  const pulumi: RunPulumi = async (args) => {
    const stage = args[args.indexOf("--stack") + 1] ?? "";
    const printed = (value: unknown) => ({ code: 0, stdout: JSON.stringify(value), stderr: "" });
    if (args[0] === "config") return printed({});
    if (args[0] === "preview")
      return printed(stage === "test" ? { steps: [], changeSummary: {} } : preview(states.get(stage) ?? []));
    return printed({ version: 3, deployment: { resources: states.get(stage) ?? [] } });
  };
  return { pulumi, ids };
}

/** A plan with a refresh in which somebody changed the first application. */
function preview(resources: readonly object[]): object {
  const found = resources.find((each) => String((each as { urn: string }).urn).includes(":Application::"));
  const { urn, id, inputs } = found as { urn: string; id: string; inputs: object };
  const state = (LOG_LEVEL: string) => ({
    id,
    custom: true,
    inputs: { ...inputs, env: { LOG_LEVEL } },
    outputs: {},
  });
  return {
    steps: [
      {
        op: "update",
        urn,
        oldState: state("trace"),
        newState: state("info"),
        detailedDiff: { "env.LOG_LEVEL": { kind: "update" } },
      },
    ],
    changeSummary: { update: 1 },
  };
}
