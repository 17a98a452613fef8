import { join } from "node:path";
import { isThere, listDirectory, readSource } from "../../../sdk/files";
import { appFileName, readApp, serviceName } from "../../../sdk/repository";
import { stackName } from "../../stack";

/** Names that the services of a repository had before. */
export interface Names {
  /** Former names of a service, the last one first. */
  formerOf(service: string): readonly string[];
  /** Present names, by the former ones. */
  readonly present: ReadonlyMap<string, string>;
}

/** Names of services that never had another one. */
export const noNames: Names = { formerOf: () => [], present: new Map() };

/** Reads the former names that each service of a repository gives itself. */
export function readNames(stack: string, folder: string): Names {
  const services = join(folder, "services");
  const former = new Map(
    (isThere(services) ? listDirectory(services) : []).flatMap((name): [string, string[]][] => {
      const app = join(services, name, appFileName);
      const source = isThere(app) ? readSource(app) : undefined;
      if (source?.text.includes("formerNames") !== true) return [];
      const { formerNames } = readApp(source, [stackName(stack)], () => "");
      // A name becomes part of a path; any other text never was that of a service.
      return [[name, formerNames.map((one) => one.name).filter((one) => serviceName.test(one))]];
    }),
  );
  return {
    formerOf: (service) => former.get(service) ?? [],
    present: new Map([...former].flatMap(([name, names]) => names.map((one) => [one, name]))),
  };
}
