import * as assert from "node:assert/strict";
import type { AxiosStatic } from "axios";
import { makeProject, type Server, startServer } from "./server";

const axios = require("axios") as AxiosStatic;

/** Most functions of this package between a handler of Pulumi and the request that it leads to. */
const MOST = 12;

describe("the way from a handler to HTTP", () => {
  const { request } = axios;
  const { stackTraceLimit } = Error;
  let server: Server;
  let stacks: Map<string, string[]>;
  beforeEach(async () => {
    server = await startServer();
    stacks = new Map();
    Error.stackTraceLimit = 100;
    axios.request = ((config: Parameters<typeof request>[0]) => {
      const endpoint = /\/api\/([\w.]+)/.exec(String(config.url))?.[1] ?? "";
      const lines = String(new Error().stack).split("\n");
      const ours = lines.filter((line) => /[\\/]provider[\\/]/.test(line));
      const handler = ours.findIndex((line) => /lifecycle[\\/]handlers/.test(line));
      // Requests that several resources share, such as that for the version, have no handler of their own.
      if (handler > 0) stacks.set(endpoint, ours.slice(0, handler));
      return request.call(axios, config);
    }) as typeof request;
  });
  afterEach(async () => {
    axios.request = request;
    Error.stackTraceLimit = stackTraceLimit;
    await server.close();
  });

  const assertShort = (endpoint: string) => {
    const stack = stacks.get(endpoint) ?? assert.fail(`no handler called ${endpoint}`);
    assert.ok(stack.length <= MOST, `${stack.length} functions:\n${stack.join("\n")}`);
  };

  it(`has at most ${MOST} functions, for a changed domain and for a changed variable`, async () => {
    const { environmentId } = await makeProject(server);
    const inputs = {
      environmentId,
      name: "web",
      source: { type: "docker", image: "acme/web:1" },
      env: { A: "1" },
    };
    const web = await server.Application.create(inputs);
    const domain = { applicationId: web.id, host: "web.example.com" };
    const made = await server.of("Domain").create(domain);
    stacks.clear();
    await server.of("Domain").update(made.id, made.outs, { ...domain, port: 8080 });
    assertShort("domain.one");
    assertShort("domain.update");
    await server.Application.update(web.id, web.outs, { ...inputs, env: { A: "2" } });
    assertShort("application.one");
    assertShort("application.update");
  });
});
