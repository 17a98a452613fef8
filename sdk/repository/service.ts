import type { EnvVars } from "../env-files";
import type { ComposeFileSource, Source } from "../files";
import type { App } from "./app-file";
import type { SharedImage } from "./shared-image";

/** A service as the files of the repository describe it for one stage. */
export interface Service {
  readonly name: string;
  /** True when this run works on it. */
  readonly selected: boolean;
  readonly app: App;
  /** The `dokploy-app.yaml` that describes it. */
  readonly source: Source;
  /** Variables; undefined when it has no files of variables, or is not selected. */
  readonly env: EnvVars | undefined;
  /** Variables with the address of another service; those of its files are empty in `env`. */
  readonly addresses: readonly ServiceAddress[];
  /** Compose file, when it is in the repository and the service is selected. */
  readonly composeFile: ComposeFileSource | undefined;
  /** Image of another service that it takes; undefined when it has its own. */
  readonly image: SharedImage | undefined;
}

/** A variable with the address of another service of the repository. */
export interface ServiceAddress {
  readonly variable: string;
  /** Name of the service. */
  readonly name: string;
  /** Name of its container in the compose file, for a compose service. */
  readonly container?: string | undefined;
  readonly port?: number | undefined;
  readonly scheme?: string | undefined;
  readonly path?: string;
  /** The place that asks for it, and how messages name that. */
  readonly source: Source;
  readonly offset: number;
  readonly field: string;
}
