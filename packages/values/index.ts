/**
 * Values of programs, plans and states: tests for maps and for the placeholder of an unknown value, values at a path, and a
 * keyed hash. This package knows neither Pulumi nor Dokploy, and imports nothing.
 */
export { keyedHash } from "./keyed-hash";
export { type Path, valueAt } from "./path";
export { isRecord, type Values } from "./record";
export { containsUnknown, isUnknown, unknownValue } from "./unknown";
