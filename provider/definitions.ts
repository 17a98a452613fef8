// biome-ignore-all format: written by `npm run docs` from the files of provider/resources; not to be edited

import { application } from "./resources/application";
import { compose } from "./resources/compose";
import { deployment } from "./resources/deployment";
import { domain } from "./resources/domain";
import { environment } from "./resources/environment";
import { environmentBlock } from "./resources/environment-block";
import { port } from "./resources/port";
import { project } from "./resources/project";
import { redirect } from "./resources/redirect";
import { registry } from "./resources/registry";

/** Everything that Dokploy has and a program can have as a resource. */
export const definitions = [application, compose, deployment, domain, environment, environmentBlock, port, project, redirect, registry] as const;
