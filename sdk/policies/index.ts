/**
 * Policies for resources of Dokploy, in programs of any language.
 *
 * @packageDocumentation
 */
export { type PolicyName, policies } from "./policies";
