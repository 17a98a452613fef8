import { someOf } from "../../packages/text";
import { isValues, type Values } from "../env-files";
import type { FileError } from "../files";
import type { App } from "./app-file";
import { previewStage } from "./preview-names";
import type { Preview } from "./preview-rules";

/**
 * Returns the domains of a service, each with the host of the preview. Two that had different hosts may now be the same,
 * and one of them stays.
 *
 * @throws FileError when the service has domains, and the rules have no host
 */
export function withHost(domains: readonly Values[], service: string, preview: Preview): Values[] {
  if (domains.length === 0) return [];
  const host = hostOf(service, preview);
  if (host === undefined) throw missingHost([service], preview);
  const byRoute = new Map<string, Values>();
  for (const domain of domains) {
    const route = JSON.stringify([pathOf(domain), domain["serviceName"]]);
    if (!byRoute.has(route)) byRoute.set(route, { ...domain, host });
  }
  return [...byRoute.values()];
}

function missingHost(services: readonly string[], { rules }: Preview): FileError {
  const have = services.length === 1 ? "has" : "have";
  return rules.problem(
    ["host"],
    `is missing, and ${someOf(services, " and ")} ${have} domains; write such as pr-\${number}.preview.example.com`,
  );
}

/**
 * Checks that services with domains get a host, and that no two services have the same host and path, since Traefik would send
 * the requests for both to one of them.
 *
 * @throws FileError with the names of the services
 */
export function assertHosts(
  services: readonly { readonly name: string; readonly app: Pick<App, "inputs"> }[],
  preview: Preview,
): void {
  const { rules } = preview;
  const routed = services.filter(
    ({ app }) => Array.isArray(app.inputs["domains"]) && app.inputs["domains"].length > 0,
  );
  if (rules.host === undefined && routed.length > 0)
    throw missingHost(
      routed.map(({ name }) => name),
      preview,
    );
  const byAddress = new Map<string, Set<string>>();
  for (const { name, app } of services) {
    const host = hostOf(name, preview);
    const { domains } = app.inputs;
    for (const domain of host !== undefined && Array.isArray(domains) ? domains.filter(isValues) : []) {
      const address = `${host}${pathOf(domain)}`;
      byAddress.set(address, (byAddress.get(address) ?? new Set()).add(name));
    }
  }
  for (const [address, names] of byAddress) {
    if (names.size < 2) continue;
    const isNamed = rules.host?.includes(servicePlace);
    const advice = isNamed
      ? "since ${service} has small letters, digits and -, and a - for each other character; rename one"
      : `since it has no \${service}; write such as \${service}-${rules.host}`;
    throw rules.problem(
      ["host"],
      `gives ${someOf([...names], " and ")} the same address, ${address}, ${advice}, or give their domains different ` +
        `paths in stages.${previewStage}`,
    );
  }
}

const servicePlace = "${service}";

/** Returns the host of a service; undefined when the rules have none. */
function hostOf(service: string, { rules, number }: Preview): string | undefined {
  const label = service.toLowerCase().replace(/[^a-z0-9-]/g, "-");
  return rules.host?.replaceAll("${number}", number).replaceAll(servicePlace, label);
}

function pathOf({ path = "/" }: Values): string {
  return String(path);
}
