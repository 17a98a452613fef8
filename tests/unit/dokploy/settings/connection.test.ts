import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  keyOfStackInCi,
  readAddress,
  readSettings,
  SettingsError,
  serverNotice,
} from "../../../../provider/dokploy";

const KEY = "canaryKeyAbCdEf0123456789";

function read(config: Record<string, string>, env: Record<string, string> = {}) {
  return readSettings({ stack: (name) => config[name], environment: env });
}

function refusal(config: Record<string, string>, env: Record<string, string> = {}): SettingsError {
  try {
    read(config, env);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error;
  }
  throw new assert.AssertionError({ message: "settings were accepted" });
}

describe("readSettings", () => {
  it("takes each value from the config before the environment", () => {
    const env = { DOKPLOY_URL: "https://d.example.com", DOKPLOY_API_KEY: "envkey", DOKPLOY_AUTH: "bearer" };
    assert.deepEqual(read({}, env), {
      url: "https://d.example.com",
      apiKey: "envkey",
      auth: "bearer",
      origins: { url: "DOKPLOY_URL", apiKey: "DOKPLOY_API_KEY" },
    });
    assert.deepEqual(read({ url: "https://d.example.com/api/", apiKey: KEY, auth: "x-api-key" }, env), {
      url: "https://d.example.com",
      apiKey: KEY,
      auth: "x-api-key",
      origins: {
        url: "the stack's configuration (dokploy:url)",
        apiKey: "the stack's configuration (dokploy:apiKey)",
      },
    });
    assert.equal(read({ url: "https://d.example.com" }, env).apiKey, "envkey");
    assert.equal(read({ apiKey: KEY }, env).url, "https://d.example.com");
  });

  describe("sends a key nowhere but to the address that it was given with:", () => {
    const evil = "https://evil.example.net";
    const url = "https://d.example.com";
    const envKey = "envCanaryKey0123456789";
    const places = { provider: {}, config: {}, env: {} };
    type LineIndex = { [K in keyof typeof places]?: Record<string, string> };
    const refuse = ({ provider = {}, config = {}, env = {} }: LineIndex) => {
      try {
        const { apiKey, ...to } = readSettings({
          stack: (name) => config[name],
          environment: env,
          provider: { read: (name) => provider[name] },
        });
        return `${apiKey} goes to ${to.url}`;
      } catch (error) {
        assert.ok(error instanceof SettingsError);
        assert.equal(error.problems.length, 1, error.message);
        for (const key of [KEY, envKey]) assert.ok(!inspect(error).includes(key));
        return error.message;
      }
    };

    for (const [what, given, says] of [
      [
        "the stack's file has an address, the environment a key alone",
        { config: { url: evil }, env: { DOKPLOY_API_KEY: envKey } },
        /DOKPLOY_API_KEY is not sent to evil\.example\.net.*set DOKPLOY_URL to it next to.*config set --secret dokploy:apiKey/,
      ],
      [
        "so it is where the CI system has no value for the address",
        { config: { url: evil }, env: { DOKPLOY_API_KEY: envKey, DOKPLOY_URL: "" } },
        /DOKPLOY_API_KEY is not sent to evil\.example\.net/,
      ],
      [
        "the stack's file names another server than the environment",
        { config: { url: evil }, env: { DOKPLOY_URL: url, DOKPLOY_API_KEY: envKey } },
        /is evil\.example\.net, and DOKPLOY_URL is d\.example\.com.*`pulumi config rm dokploy:url`.*set DOKPLOY_URL and DOKPLOY_API_KEY for it/,
      ],
      [
        "the stack has address and key, and the environment another address",
        { config: { url: evil, apiKey: KEY }, env: { DOKPLOY_URL: url } },
        /is evil\.example\.net, and DOKPLOY_URL is d\.example\.com.*unset DOKPLOY_URL/,
      ],
      [
        "the same host without encryption",
        {
          config: { url: "http://d.example.com", allowHttp: "true" },
          env: { DOKPLOY_URL: url, DOKPLOY_API_KEY: envKey },
        },
        /is http:\/\/d\.example\.com, and DOKPLOY_URL is https:\/\/d\.example\.com/,
      ],
      [
        "another path of the same host",
        { config: { url: `${url}/other` }, env: { DOKPLOY_URL: url, DOKPLOY_API_KEY: envKey } },
        /is https:\/\/d\.example\.com\/other, and DOKPLOY_URL is https:\/\/d\.example\.com/,
      ],
      [
        "an address in the environment that is none",
        { config: { url: evil }, env: { DOKPLOY_URL: envKey, DOKPLOY_API_KEY: envKey } },
        /DOKPLOY_URL is no address that can be used/,
      ],
      [
        "a provider with an address alone does not take the environment's key",
        { provider: { url: evil }, env: { DOKPLOY_URL: url, DOKPLOY_API_KEY: envKey } },
        /the provider has the address evil\.example\.net and no apiKey.*DOKPLOY_API_KEY goes only to d\.example\.com.*give the provider its own apiKey/,
      ],
      [
        "nor a key without an address",
        { provider: { url: evil }, env: { DOKPLOY_API_KEY: envKey } },
        /the provider has the address evil\.example\.net and no apiKey.*was not given for it/,
      ],
      [
        "nor that of the stack",
        { provider: { url: evil }, config: { url, apiKey: KEY } },
        /the provider has the address evil\.example\.net and no apiKey.*dokploy:apiKey in the stack's configuration goes only to d\.example\.com/,
      ],
      [
        "nor that of the stack where the stack's file gives both the same address, and the environment another",
        { provider: { url: evil }, config: { url: evil, apiKey: KEY }, env: { DOKPLOY_URL: url } },
        /the provider has the address evil\.example\.net and no apiKey.*dokploy:apiKey in the stack's configuration goes only to d\.example\.com, the address in DOKPLOY_URL: give the provider its own apiKey/,
      ],
    ] as const) {
      it(what, () => {
        assert.match(refuse(given), says);
      });
    }

    for (const [what, given, goes] of [
      [
        "addresses agree, however they are written",
        {
          config: { url: "https://D.example.com:443/api/" },
          env: { DOKPLOY_URL: url, DOKPLOY_API_KEY: envKey },
        },
        `${envKey} goes to ${url}`,
      ],
      [
        "a provider has both",
        { provider: { url: evil, apiKey: KEY }, env: { DOKPLOY_URL: url, DOKPLOY_API_KEY: envKey } },
        `${KEY} goes to ${evil}`,
      ],
      [
        "a provider's address is that of the key",
        { provider: { url }, env: { DOKPLOY_URL: url, DOKPLOY_API_KEY: envKey } },
        `${envKey} goes to ${url}`,
      ],
      [
        "the stack's key goes where the environment of the job says",
        { config: { apiKey: KEY }, env: { DOKPLOY_URL: url } },
        `${KEY} goes to ${url}`,
      ],
      [
        "the stack has both, the environment a key",
        { config: { url, apiKey: KEY }, env: { DOKPLOY_API_KEY: envKey } },
        `${KEY} goes to ${url}`,
      ],
    ] as const) {
      it(`${what}: accepted`, () => {
        assert.equal(refuse(given), goes);
      });
    }
  });

  it("sends no key of the stack or the environment past DOKPLOY_URL, whoever gives the address", () => {
    const url = "https://d.example.com";
    const evil = "https://evil.example.net";
    const values = (name: string, keys: readonly string[]) =>
      [undefined, url, evil].flatMap((address) =>
        [undefined, ...keys].map((key) => ({ name, address, key })),
      );
    let sent = 0;
    for (const provider of values("provider", ["providerKey"]))
      for (const stack of values("stack", ["stackKey"]))
        for (const environment of values("environment", ["envKey"])) {
          const read =
            ({ address, key }: typeof stack) =>
            (name: string) =>
              ({ url: address, apiKey: key })[name];
          const { address: pin, key } = environment;
          const env = { DOKPLOY_URL: pin, DOKPLOY_API_KEY: key };
          try {
            const { url: to, apiKey } = readSettings({
              stack: read(stack),
              environment: env,
              provider: { name: "eu", read: read(provider) },
            });
            sent += 1;
            const isOwn = apiKey === "providerKey" && provider.address !== undefined;
            assert.ok(isOwn || pin === undefined || pin === to, inspect({ provider, stack, environment }));
          } catch (error) {
            assert.ok(error instanceof SettingsError, inspect(error));
          }
        }
    assert.ok(sent > 20, String(sent));
  });

  it("knows the address without a key, and refuses one that disagrees", () => {
    const address = (config: Record<string, string>, env: Record<string, string>) =>
      readAddress({ stack: (name) => config[name], environment: env });
    assert.equal(address({}, {}), undefined);
    assert.equal(address({ url: "nowhere" }, {}), undefined);
    assert.equal(address({ url: "https://d.example.com/api" }, {}), "https://d.example.com");
    assert.equal(address({}, { DOKPLOY_URL: "https://d.example.com" }), "https://d.example.com");
    for (const env of [{ DOKPLOY_API_KEY: KEY }, { DOKPLOY_URL: "https://d.example.com" }] as const) {
      assert.throws(() => address({ url: "https://evil.example.net" }, env), SettingsError);
    }
  });

  it("names the server in one line, for any address", () => {
    for (const [url, name] of [
      ["https://d.example.com", "d.example.com"],
      ["https://d.example.com:8443/tools", "d.example.com:8443/tools"],
      ["http://127.0.0.1:3000", "http://127.0.0.1:3000"],
      [`https://d.example.com/${"x".repeat(10_000)}`, `d.example.com/${"x".repeat(286)}…`],
    ] as const) {
      assert.deepEqual(serverNotice(url), [`Dokploy: this plan is for ${name}`, "server", name]);
    }
    const [line, ...coded] = serverNotice(undefined, { provider: "later", isSilent: true });
    assert.match(
      line,
      /^Dokploy: this plan is for a server that is known only during the update, .*"later"\. The preview could/,
    );
    assert.deepEqual(coded, ["server", undefined]);
  });

  for (const [given, url] of [
    ["https://d.example.com", "https://d.example.com"],
    ["https://d.example.com/", "https://d.example.com"],
    ["https://d.example.com/api", "https://d.example.com"],
    ["https://d.example.com/api///", "https://d.example.com"],
    ["https://D.example.com:8443/tools/dokploy//api/", "https://d.example.com:8443/tools/dokploy"],
    ["https://d.example.com/my-api", "https://d.example.com/my-api"],
    ["  https://d.example.com\n", "https://d.example.com"],
    ["http://[::1]:3000/api", "http://[::1]:3000"],
    ["http://[2001:DB8:0::1]:3000", "http://[2001:db8::1]:3000"],
    ["https://d.example.com:443/", "https://d.example.com"],
    ["http://d.example.com:443", "http://d.example.com:443"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["https://d.example.com/a/../b", "https://d.example.com/b"],
    ["https://d.example.com/a%0d%0aX-Injected:%201", "https://d.example.com/a%0d%0aX-Injected:%201"],
    ["https://d.example.com/a\r\nX-Injected:1", "https://d.example.com/aX-Injected:1"],
  ] as const) {
    it(`reads the address ${JSON.stringify(given)} as ${url}`, () => {
      assert.equal(read({ url: given, apiKey: KEY, allowHttp: "true" }).url, url);
    });
  }

  it("ignores spaces around the key, as a file often ends in a newline", () => {
    assert.equal(read({ url: "https://d.example.com", apiKey: ` ${KEY}\r\n` }).apiKey, KEY);
  });

  it("lists every missing value with both ways to give it", () => {
    const { problems, message } = refusal({});
    assert.equal(problems.length, 2);
    for (const way of [
      "pulumi config set dokploy:url https://",
      "DOKPLOY_URL",
      "pulumi config set --secret dokploy:apiKey",
      "DOKPLOY_API_KEY",
    ]) {
      assert.ok(message.includes(way), way);
    }
  });

  for (const [what, url, reason] of [
    ["no URL", "dokploy example", /not a complete URL/],
    ["a host without scheme", "d.example.com:3000", /must start with https/],
    ["another scheme", "ftp://d.example.com", /must start with https/],
    ["a user name alone", "https://hunter2secret@d.example.com", /user name or password/],
    ["a port that does not exist", "https://d.example.com:99999", /not a complete URL/],
    ["a host of brackets without an end", "http://[::1", /not a complete URL/],
    ["credentials", "https://admin:hunter2secret@d.example.com", /user name or password/],
    ["a query", "https://d.example.com/?token=hunter2secret", /query/],
    ["an empty query", "https://d.example.com/?", /query/],
    ["a fragment", "https://d.example.com/#hunter2secret", /fragment/],
    ["nothing but blanks", "  ", /dokploy:url is empty/],
  ] as const) {
    it(`refuses an address with ${what} and does not repeat it`, () => {
      const error = refusal({ url, apiKey: KEY });
      assert.match(error.message, reason);
      assert.equal(error.problems.length, 1);
      assert.doesNotMatch(inspect(error), /hunter2secret/);
    });
  }

  for (const [what, apiKey] of [
    ["a blank", `${KEY} x`],
    ["a line break", `${KEY}\nx`],
    ["a control character", `${KEY}\u0007`],
    ["a letter outside ASCII", `${KEY}é`],
  ] as const) {
    it(`refuses a key with ${what} and never shows it`, () => {
      const error = refusal({ url: "https://d.example.com", apiKey });
      assert.match(error.message, /dokploy:apiKey/);
      assert.ok(!inspect(error).includes("canaryKey") && !JSON.stringify(error).includes("canaryKey"));
    });
  }

  it("says where every unusable value comes from", () => {
    const config = { url: "d.example.com", apiKey: "a b", concurrency: "many" };
    const env = {
      DOKPLOY_AUTH: "basic",
      DOKPLOY_REQUESTS_PER_MINUTE: "0",
    };
    const { problems } = refusal(config, env);
    assert.deepEqual(
      problems.map((problem) => /^dokploy:(\w+) .*; it comes from (.*?): /.exec(problem)?.slice(1)),
      [
        ["concurrency", "the stack's configuration (dokploy:concurrency)"],
        ["requestsPerMinute", "DOKPLOY_REQUESTS_PER_MINUTE"],
        ["url", "the stack's configuration (dokploy:url)"],
        ["apiKey", "the stack's configuration (dokploy:apiKey)"],
        ["auth", "DOKPLOY_AUTH"],
      ],
    );
  });

  it("names the source of an empty value", () => {
    assert.match(
      refusal({ url: "https://d.example.com" }, { DOKPLOY_API_KEY: "" }).message,
      /DOKPLOY_API_KEY is empty/,
    );
  });

  it("reports all problems in one error, even when the key is given as the address", () => {
    const error = refusal({ url: KEY, apiKey: "a b", auth: "basic" });
    assert.equal(error.problems.length, 3);
    assert.ok(!inspect(error).includes(KEY));
  });

  for (const [url, refused] of [
    ["http://d.example.com", true],
    ["http://10.0.0.5:3000", true],
    ["http://dokploy:3000", true],
    ["http://dokploy.internal:3000", true],
    ["http://192.168.1.7:3000/api", true],
    ["http://127.evil.example.com", true],
    ["http://localhost:3000", false],
    ["http://127.0.0.1:3000", false],
    ["http://127.8.9.10:3000", false],
    ["http://[::1]:3000", false],
    ["http://localhost.:3000", false],
    ["http://dokploy.localhost", true],
    ["http://evil.example.localhost.:3000", true],
    ["http://127.1:3000", false],
    ["http://localhost.example.com", true],
    ["http://notlocalhost", true],
    ["http://[::2]:3000", true],
    ["http://[::ffff:7f00:1]:3000", true],
    ["http://0.0.0.0:3000", true],
    ["https://d.example.com", false],
  ] as const) {
    it(`${refused ? "refuses" : "takes"} ${url}`, () => {
      if (!refused) {
        assert.equal(read({ url, apiKey: KEY }).apiKey, KEY);
        return;
      }
      const { problems, message } = refusal({ url, apiKey: KEY });
      assert.equal(problems.length, 1);
      assert.ok(message.includes(`plain http to ${new URL(url).host}`), message);
      assert.match(
        message,
        /Use https; or, .*`pulumi config set dokploy:allowHttp true` or DOKPLOY_ALLOW_HTTP/,
      );
      assert.equal(read({ url, apiKey: KEY, allowHttp: "true" }).apiKey, KEY);
      assert.equal(read({ url, apiKey: KEY }, { DOKPLOY_ALLOW_HTTP: " true\n" }).apiKey, KEY);
      assert.match(
        refusal({ url, apiKey: KEY, allowHttp: "false" }, { DOKPLOY_ALLOW_HTTP: "true" }).message,
        /plain http/,
      );
    });
  }

  it("takes nothing but true and false for allowHttp", () => {
    const { problems } = refusal({ url: "https://d.example.com", apiKey: KEY, allowHttp: "yes" });
    assert.deepEqual(problems.length, 1);
    assert.match(problems[0] ?? "", /dokploy:allowHttp must be true or false.*DOKPLOY_ALLOW_HTTP/);
  });

  it("takes the limits from the config before the environment, and has none unless they are given", () => {
    const base = { url: "https://d.example.com", apiKey: KEY };
    const env = { DOKPLOY_CONCURRENCY: "3", DOKPLOY_REQUESTS_PER_MINUTE: "120" };
    const limits = ({ concurrency, requestsPerMinute }: ReturnType<typeof read>) => [
      concurrency,
      requestsPerMinute,
    ];
    assert.deepEqual(limits(read(base)), [undefined, undefined]);
    assert.deepEqual(limits(read(base, env)), [3, 120]);
    assert.deepEqual(limits(read({ ...base, concurrency: " 2\n", requestsPerMinute: "60" }, env)), [2, 60]);
  });

  for (const [key, variable] of [
    ["concurrency", "DOKPLOY_CONCURRENCY"],
    ["requestsPerMinute", "DOKPLOY_REQUESTS_PER_MINUTE"],
  ] as const) {
    for (const value of ["0", "-1", "1.5", "1e3", "many", "Infinity", "0x10", "1000000", "08"]) {
      it(`refuses ${key} ${value}, and names both ways to give it`, () => {
        const { problems } = refusal({ url: "https://d.example.com", apiKey: KEY, [key]: value });
        assert.equal(problems.length, 1);
        assert.match(problems[0] ?? "", /whole number from 1/);
        assert.ok(
          problems[0]?.includes(`pulumi config set dokploy:${key} `) && problems[0].includes(variable),
        );
      });
    }

    it(`names where an empty ${key} comes from`, () => {
      const error = refusal({ url: "https://d.example.com", apiKey: KEY }, { [variable]: "" });
      assert.match(error.message, new RegExp(`${variable} is empty`));
      assert.equal(error.problems.length, 1);
    });
  }
});

describe("a key in the stack's configuration", () => {
  const said = (config: Record<string, string>, env: Record<string, string>) =>
    keyOfStackInCi({ stack: (name) => config[name], environment: env });
  const apiKey = KEY;

  it("is warned of in CI where the environment has none or another one, and is never quoted", () => {
    for (const [env, why] of [
      [{}, "since DOKPLOY_API_KEY is not set"],
      [{ DOKPLOY_API_KEY: "" }, "since DOKPLOY_API_KEY is not set"],
      [{ DOKPLOY_API_KEY: "canary-other" }, "not the one in DOKPLOY_API_KEY"],
    ] as const) {
      const text = said({ apiKey }, { CI: "true", ...env }) ?? "";
      assert.ok(text.includes(why), text);
      assert.ok(text.includes("`pulumi config rm dokploy:apiKey`"), text);
      assert.doesNotMatch(text, /canary/);
    }
  });

  it("is right on a person's own machine, and where the environment has the same one", () => {
    assert.equal(said({ apiKey }, {}), undefined);
    assert.equal(said({ apiKey }, { CI: "false" }), undefined);
    assert.equal(said({ apiKey }, { CI: "true", DOKPLOY_API_KEY: ` ${KEY}\n` }), undefined);
    assert.equal(said({ apiKey: `${KEY}\n` }, { CI: "true", DOKPLOY_API_KEY: KEY }), undefined);
    assert.equal(said({}, { CI: "true", DOKPLOY_API_KEY: KEY }), undefined);
  });
});
