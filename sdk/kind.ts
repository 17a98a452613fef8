import type { inputNames } from "./input-names";

/** The kinds of resources; state names them, so they are for ever. */
export type Kind = keyof typeof inputNames;

/** The names of those inputs of a service that list its parts. */
export type Lists<Service extends "Application" | "Compose"> = keyof (typeof inputNames)[Service]["lists"];
