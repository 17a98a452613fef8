import Module = require("node:module");

/** Packages that the plugin uses in the version of Pulumi's SDK, which depends on them. */
const ofSdk = /^(?:@grpc\/grpc-js|google-protobuf)(?:\/|$)/;

type Load = (request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown;

/**
 * Makes the plugin load those packages from where Pulumi's SDK finds them. Not every package manager puts the dependencies
 * of one package where another can see them.
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
