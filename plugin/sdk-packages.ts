import Module = require("node:module");

/** Packages that the plugin uses in the version of Pulumi's SDK, which depends on them. */
const ofSdk = /^(?:@grpc\/grpc-js|google-protobuf)(?:\/|$)/;

/** Returns a sentence where Pulumi's SDK, a peer dependency, is not installed next to this package. */
export function sdkProblem(): string | undefined {
  try {
    require.resolve("@pulumi/pulumi");
    return undefined;
  } catch {
    return (
      "The plugin dokploy-native needs the npm package @pulumi/pulumi, which is not installed: " +
      "run npm install @pulumi/pulumi where pulumi-dokploy is installed."
    );
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
