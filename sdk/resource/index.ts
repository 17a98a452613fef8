export { type Adoptions, adoptedByFile, adoptsValue, idIn, readAdoptions } from "./adoption-file";
export { DokployResource, type ResourceOptions } from "./base";
export type { Inputs, Internal, Listed } from "./inputs";
export type { Outputs } from "./outputs";
export { type LookUp, stable } from "./stable";
