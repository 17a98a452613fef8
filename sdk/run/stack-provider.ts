import * as pulumi from "@pulumi/pulumi";
import { inputOf, type Setting, settingNames, settings } from "../../provider/dokploy";
import { pluginPackage } from "../../provider/pulumi";
import { stackSources } from "./connection";
import { currentRun, rememberedBy } from "./current-run";
import { isSecretInStack } from "./plain-text-secrets";

/** Provider of the plugin with the settings of the stack. */
class StackProvider extends pulumi.ProviderResource {
  constructor(inputs: pulumi.Inputs) {
    super(pluginPackage, "stack", inputs);
  }
}

/**
 * Returns the plugin's provider for resources on the server of the stack's settings. Pulumi gives a plugin only the
 * settings below its own name, so this one passes those below `dokploy:` on. Undefined where the stack has none: then
 * the plugin reads the environment.
 */
export function stackProvider(): pulumi.ProviderResource | undefined {
  return providerIn(currentRun()).provider;
}

const providerIn = rememberedBy(() => {
  const { stack } = stackSources();
  const inputs = settingNames.flatMap((name): [string, pulumi.Input<string>][] => {
    const text = stack(name);
    if (text === undefined) return [];
    const { secret } = settings[name] as Setting<never>;
    return [[inputOf(name), secret || isSecretInStack(name) ? pulumi.secret(text) : text]];
  });
  return inputs.length === 0 ? {} : { provider: new StackProvider(Object.fromEntries(inputs)) };
});
