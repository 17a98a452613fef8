import type { inputNames } from "./input-names";

/** The kinds of resources; state names them, so they are for ever. */
export type Kind = keyof typeof inputNames;
