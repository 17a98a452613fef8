/**
 * Values of programs, plans and states: maps, lists, texts, and the placeholder of what is not known yet. This package knows
 * neither Pulumi nor Dokploy, and needs nothing.
 */
export { keyedHash } from "./keyed-hash";
export { type Path, valueAt } from "./path";
export { isRecord, type Values } from "./record";
export { containsUnknown, isUnknown, unknownValue } from "./unknown";
