import type * as Codec from "./codec";

/** Loads the codec with the first map of variables or its text: domains, ports and the like have none. */
export function codec(): typeof Codec {
  return require("./codec") as typeof Codec;
}
