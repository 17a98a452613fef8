import * as pulumi from "@pulumi/pulumi";
import { inputOf, type Setting, settingNames, settings } from "../../provider/dokploy";
import { pluginPackage } from "../../provider/pulumi";
import { stackSources } from "./connection";
import { currentRun, rememberedBy } from "./current-run";
import { isSecretInStack } from "./plain-text-secrets";
import { pluginSetting } from "./plugin";
import { hiddenProvider } from "./pulumi";

/** Provider of the plugin with the settings of the stack. By its name a plan shows it as little as Pulumi's own. */
class StackProvider extends pulumi.ProviderResource {
  constructor(inputs: pulumi.Inputs) {
    super(pluginPackage, hiddenProvider("dokploy"), inputs, { aliases: [{ name: "stack" }] });
  }
}

/**
 * Returns the plugin's provider for resources on the server of the stack's settings. Pulumi gives a plugin only the
 * settings below its own name, so this one passes those below `dokploy:` on. By it the plugin also knows that this package
 * runs the program, so it exists without settings too.
 */
export function stackProvider(): pulumi.ProviderResource {
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
  return {
    provider: new StackProvider({ ...Object.fromEntries(inputs), [`dokploy:${pluginSetting}`]: "true" }),
  };
});
