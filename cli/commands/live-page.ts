import { SERVICES, ServerTree } from "../../provider/dokploy";
import { comparePlaces, variablesPart } from "../env";
import { element, joined, RELOAD_SECONDS, reloading } from "../page";
import { readServer, type ServerFacts } from "../server";
import { readStatus, type StackService } from "../services";
import { connectToStack } from "../stack";
import { pageOf, serverSections, stagesSection } from "./report";

/** An environment of a project, with its services. */
interface Place {
  readonly project: string;
  readonly name: string;
  readonly services: StackService[];
}

/** Writes the page of a report about a server alone: its environments are the stages. */
export async function livePage(server: { url: string; apiKey: string }, query: string): Promise<string> {
  const api = await connectToStack(undefined, { DOKPLOY_URL: server.url, DOKPLOY_API_KEY: server.apiKey });
  try {
    const facts = await readServer(new ServerTree(api), undefined);
    const places = placesIn(facts);
    const pairs = places.slice(1).flatMap((place, at) => {
      const before = places[at];
      return before?.project === place.project ? [[asLive(before), asLive(place)] as const] : [];
    });
    const [stages, comparisons] = await Promise.all([
      Promise.all(
        places.map(async ({ name, services }) => ({
          stage: name,
          services: await readStatus(services, api),
        })),
      ),
      Promise.all(pairs.map(([a, b]) => comparePlaces(a, b, api))),
    ]);
    const isLive = query === "?live";
    const sections = [
      stagesSection(stages),
      ...serverSections([[server.url, facts]]),
      ...(comparisons.length === 0
        ? []
        : [{ id: "variables", title: "Variables", content: variablesPart(comparisons) }]),
    ];
    return pageOf(sections, "Made by pulumi-dokploy emulator, anew for each request.", {
      content: joined(" · ", element("span", {}, reloading(isLive))),
      ...(isLive ? { reload: RELOAD_SECONDS } : {}),
    });
  } finally {
    api.close();
  }
}

function asLive({ name, services }: Place) {
  return { name, resources: services.map(({ resource }) => resource) };
}

function placesIn({ services }: ServerFacts): Place[] {
  const places = new Map<string, Place>();
  for (const { kind, id, row } of services) {
    const { name: environment, project } = Object(row["environment"]) as {
      name?: string;
      project?: { name?: string };
    };
    const place = `${project?.name ?? ""} / ${environment ?? ""}`;
    const known = places.get(place) ?? { project: project?.name ?? "", name: place, services: [] };
    const name = String(row["name"]);
    const resource = { kind: SERVICES[kind].kind, name, id, inputs: { env: {} }, outputs: {} };
    known.services.push({ kind, id, name, resource });
    places.set(place, known);
  }
  return [...places.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
