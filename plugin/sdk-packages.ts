import { existsSync, readFileSync } from "node:fs";

import Module = require("node:module");

import * as path from "node:path";

/** Packages that the plugin uses in the version of Pulumi's SDK, which depends on them. */
const ofSdk = /^(?:@grpc\/grpc-js|google-protobuf)(?:\/|$)/;

/** Returns a sentence where npm packages that the plugin loads are missing: Pulumi calls a plugin broken that ends. */
export function missingPackages(isThere = isInstalled): string | undefined {
  const names =
    packagesOf(path.dirname(__dirname)) ?? packagesOf(path.dirname(path.dirname(__dirname))) ?? [];
  const missing = names.filter((name) => !isThere(name));
  if (missing.length === 0) return undefined;
  const [packages, are] = missing.length === 1 ? ["package", "is"] : ["packages", "are"];
  return (
    `The plugin dokploy-native needs the npm ${packages} ${missing.join(", ")}, which ${are} not installed: ` +
    `run npm install ${missing.join(" ")} where pulumi-dokploy is installed.`
  );
}

/** Returns the packages that a package cannot do without; undefined for a folder that is not one. */
function packagesOf(folder: string): string[] | undefined {
  const file = path.join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  const { peerDependencies, peerDependenciesMeta, dependencies } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly peerDependencies?: object;
    readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
    readonly dependencies?: object;
  };
  return Object.keys({ ...peerDependencies, ...dependencies }).filter(
    (name) => !peerDependenciesMeta?.[name]?.optional,
  );
}

/** Looks for the folder first, since to resolve ten packages takes as long as to start. Not every package manager has folders. */
function isInstalled(name: string): boolean {
  if ((require.resolve.paths(name) ?? []).some((folder) => existsSync(path.join(folder, name)))) return true;
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

type Load = (request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown;

/**
 * Makes the plugin load those packages from where Pulumi's SDK finds them. The SDK sends only messages of its own copy, and a
 * package manager may install another one for this package.
 */
export function loadPackagesOfSdk(): void {
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  loader._load = (request, parent, isMain) => {
    const isOurs = parent?.filename?.startsWith(__dirname) === true && ofSdk.test(request);
    return isOurs
      ? Module.createRequire(require.resolve("@pulumi/pulumi"))(request)
      : load(request, parent, isMain);
  };
}
