import { databaseData, databases } from "./database-data";
import { makeProject, type Server } from "./server";

type Values = Readonly<Record<string, unknown>>;

/** What an application and a compose service are made of, so that they run. */
const sources: Readonly<Record<string, { readonly kind: string; readonly inputs: Values }>> = {
  application: { kind: "Application", inputs: { source: { type: "docker", image: "acme/web:1" } } },
  compose: {
    kind: "Compose",
    inputs: {
      source: {
        type: "raw",
        composeFile: "services:\n  web:\n    image: acme/web:1\n  api:\n    image: acme/api:1\n",
      },
    },
  },
  ...Object.fromEntries(
    databases.map(({ kind, database }) => [database, { kind, inputs: databaseData[kind]?.inputs ?? {} }]),
  ),
};

/** Kinds of services, as an input names one of each: `postgresId`. */
export const serviceKinds: readonly string[] = Object.keys(sources);

/**
 * Makes a service that runs, for what belongs to one.
 *
 * @param kind `postgres`, or another of {@link serviceKinds}
 * @returns its id
 */
export async function makeService(server: Server, kind: string, environmentId?: string): Promise<string> {
  const source = sources[kind];
  if (source === undefined) throw new Error(`${kind} is no kind of service.`);
  const environment = environmentId ?? (await makeProject(server, `parent-${Math.random()}`)).environmentId;
  const { id } = await server.of(source.kind).create({
    environmentId: environment,
    name: "web",
    deploy: { waitFor: "deployed" },
    ...source.inputs,
  });
  server.newRun();
  return id;
}
