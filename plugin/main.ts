import { loadSdkLazily } from "./lazy-sdk";
import type * as Listen from "./listen";

/** The plugin, as Pulumi starts it: `pulumi-resource-dokploy-native <address of the engine>`. */

loadSdkLazily();
const { listen } = require("./listen") as typeof Listen;
listen();
