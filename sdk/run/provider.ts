import * as pulumi from "@pulumi/pulumi";
import type { Api, ReadSetting, settings, ValueOf } from "../../provider/dokploy";
import { connect } from "./connection";
import { providerPackage } from "./plugin";
import { type Given, readGiven } from "./provider-inputs";

/** Settings of a provider. A setting that is left out comes from the stack's configuration or the environment. */
export type ProviderArgs = {
  readonly [Name in keyof typeof settings]?: Name extends "url" | "apiKey"
    ? pulumi.Input<ValueOf<Name>>
    : ValueOf<Name>;
};

/**
 * A Dokploy server, with its address and API key, for some resources of a program. Give it as the option `provider` of
 * a resource, a function or a `DeploymentRepository`, or as `providers: [eu]` of a component for everything in it.
 *
 * Without a provider, resources are on the server of the stack's settings. Address and key may be outputs of another
 * resource, even of the one that creates the server; the plan that creates it does not contact it.
 *
 * A resource stays on the server that it was created on. Another address is an error, unless `formerUrl` says that it is
 * the same server. A different key changes only the provider.
 *
 * @example
 * ```ts
 * const eu = new dokploy.Provider("eu", { url: "https://eu.acme.dev", apiKey: config.requireSecret("euKey") });
 * const us = new dokploy.Provider("us", { url: "https://us.acme.dev", apiKey: config.requireSecret("usKey") });
 *
 * for (const [region, provider] of Object.entries({ eu, us })) {
 *   const shop = new dokploy.Project(`shop-${region}`, { name: "shop" }, { provider });
 * }
 * const { applicationId } = dokploy.getApplicationOutput({ name: "api", project: "shop" }, { provider: eu });
 * ```
 *
 * @example A whole deployment repository
 * ```ts
 * new dokploy.DeploymentRepository("shop", {}, { provider: eu });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /** Address of the server, as it was given. */
  readonly url: pulumi.Output<string>;
  readonly #given: Given;
  #api: Promise<Api | undefined> | undefined;

  constructor(name: string, args: ProviderArgs, options?: pulumi.ResourceOptions) {
    const given = readGiven(name, args);
    super(providerPackage(), name, given.inputs, options);
    this.#given = given;
    this.url = given.url;
  }

  /** @internal Key of its server, which two providers with the same address share. */
  get server(): object {
    return this.#given.server;
  }

  /** @internal Reads a setting of the program or of the stack's configuration. */
  get read(): ReadSetting {
    return this.#given.read;
  }

  /**
   * @internal Returns the program's connection to the server; undefined while a preview does not know address or key.
   *
   * @throws SettingsError when a setting is missing or malformed
   */
  connect(): Promise<Api | undefined> {
    this.#api ??= this.#given.sources().then((sources) => sources && connect(sources));
    return this.#api;
  }

  /** @internal Unknown as long as address or key is. */
  get whenKnown(): pulumi.Output<unknown> {
    return this.#given.whenKnown;
  }
}
