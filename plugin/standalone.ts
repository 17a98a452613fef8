import { loadSdkLazily } from "./lazy-sdk";
import type * as Listen from "./listen";

/** The plugin of the archive, which has Pulumi's SDK and all other packages in its one file. */

loadSdkLazily();
const { listen } = require("./listen") as typeof Listen;
listen();
