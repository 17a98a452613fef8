import * as assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import { type Run, Story } from "./story";

/** A stack whose own server is that of the story, and which works with two others. */
export class ServersStory {
  private begun: { readonly story: Story; readonly eu: Emulator; readonly us: Emulator } | undefined;

  constructor() {
    before(async () => {
      const story = await Story.begin();
      // Keys of their own, which would be refused on the other server.
      const eu = await startEmulator({ buildMs: 20, apiKey: "euCanaryKey0123456789" });
      const us = await startEmulator({ buildMs: 20, apiKey: "usCanaryKey0123456789" });
      this.begun = { story, eu, us };
      Object.assign(story.workspace.env, { US_URL: us.url, US_KEY: us.apiKey });
      await this.setKey("euKey", eu.apiKey);
      await story.succeeds("config", "set", "euUrl", eu.url);
    });
    after(async () => {
      await this.begun?.eu.close();
      await this.begun?.us.close();
      await this.begun?.story.end();
    });
  }

  get servers() {
    return this.begun ?? assert.fail("the story has not begun");
  }

  readonly setKey = (name: string, value: string): Promise<Run> =>
    this.servers.story.succeeds("config", "set", "--secret", name, value);

  /** What a command asked of each server. */
  readonly callsOf = async (command: () => Promise<Run>) => {
    const { eu, us } = this.servers;
    const before = [eu, us].map(({ calls }) => calls.length);
    const run = await command();
    const [ofEu = [], ofUs = []] = [eu, us].map(({ calls }, index) =>
      calls.slice(before[index]).map(({ endpoint }) => endpoint),
    );
    return { ...run, eu: ofEu, us: ofUs };
  };
}

export const hostOf = (server: Emulator) => new URL(server.url).host;

export async function ask({ url, apiKey }: Emulator, endpoint: string, input?: object): Promise<unknown> {
  const answer = await fetch(`${url}/api/${endpoint}`, {
    method: input ? "POST" : "GET",
    headers: { "x-api-key": apiKey, "content-type": "application/json" },
    ...(input ? { body: JSON.stringify(input) } : {}),
  });
  return await answer.json();
}

export const projectsOf = async (server: Emulator) =>
  ((await ask(server, "project.all")) as { name: string }[]).map(({ name }) => name);

/** A program with resources on both servers, and on that of the stack. */
export const program = ({
  euEnv = "one",
  usEnv = "one",
  euKey = 'config.requireSecret("euKey")',
  more = "",
} = {}) => `
  const config = new pulumi.Config();
  const eu = new dokploy.Provider("eu", { url: config.require("euUrl"), apiKey: ${euKey} });
  const us = new dokploy.Provider("us", { url: process.env.US_URL, apiKey: process.env.US_KEY });
  class Region extends pulumi.ComponentResource {
    constructor(name, env, options) {
      super("acme:index:Region", name, {}, options);
      const shop = new dokploy.Project("shop-" + name, { name: "shop", env: { LEVEL: env } }, { parent: this });
      new dokploy.Application("api-" + name, {
        environmentId: shop.defaultEnvironmentId, name: "api", deploy: false,
        source: { type: "docker", image: "acme/api:1" }, env: { LEVEL: "\${{project.LEVEL}}" },
      }, { parent: this });
    }
  }
  new Region("eu", "${euEnv}", { providers: [eu] });
  new Region("us", "${usEnv}", { provider: us });
  // On the server of the stack's own settings.
  new dokploy.Project("own", { name: "own" });
  ${more}
`;
