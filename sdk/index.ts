/**
 * Dokploy as code: what a Pulumi program imports.
 *
 * @packageDocumentation
 */
export { Application, type ApplicationArgs } from "./application";
export type { ResourceOptions } from "./base";
export { Compose, type ComposeArgs } from "./compose";
export { Deployment, type DeploymentArgs } from "./deployment";
export { Environment, type EnvironmentArgs } from "./environment";
export { EnvironmentBlock, type EnvironmentBlockArgs } from "./environment-block";
export { FileError } from "./files/source";
export { type EnvVars, loadEnv } from "./load-env";
export { Project, type ProjectArgs } from "./project";
export { Service } from "./service";
