export { connectionUrl, externalUrl, rootConnectionUrl } from "./databases/address";
export type { DatabaseDefinition } from "./databases/definition";
export { databaseSchemas } from "./generated/database-schemas";
export { allDefinitions, definitionOf, type Kind } from "./generated/definitions";
export * from "./generated/kinds";
export { contentOfListed, type FilePlace, idOf, pathProblem, pathsIn, placeOf } from "./traefik-file/files";
export { missingTag, tagVariable } from "./types/image-tag";
export { bytesToSize, cpus, size, sizeToBytes } from "./types/sizes";
export { settingsOf } from "./web-server-settings/web-server";
