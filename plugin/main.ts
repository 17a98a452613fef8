import { loadSdkLazily } from "./lazy-sdk";
import type * as Listen from "./listen";
import type * as Refusing from "./refusing";
import { loadPackagesOfSdk, missingPackages } from "./sdk-packages";

/** The plugin, as Pulumi starts it: `pulumi-resource-dokploy-native <address of the engine>`. */

const problem = missingPackages();
if (problem === undefined) {
  loadSdkLazily();
  loadPackagesOfSdk();
  const { listen } = require("./listen") as typeof Listen;
  listen();
} else {
  const { refuseCalls } = require("./refusing") as typeof Refusing;
  refuseCalls(problem);
}
