import type { SimpleObject } from "./simple-object";
import { simpleParts } from "./simple-parts";
import { simplePlatform } from "./simple-platform";

/** All simple objects, by their router. */
export const simpleObjects: Readonly<Record<string, SimpleObject>> = { ...simpleParts, ...simplePlatform };
