import { loadSdkLazily } from "./lazy-sdk";
import type * as Listen from "./listen";
import { loadPackagesOfSdk } from "./sdk-packages";

/** The plugin, as Pulumi starts it: `pulumi-resource-dokploy-native <address of the engine>`. */

loadSdkLazily();
loadPackagesOfSdk();
const { listen } = require("./listen") as typeof Listen;
listen();
