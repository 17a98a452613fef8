/** One row of test data for each simple object; its tests follow from that. */
export interface SimpleData {
  /** The file of its definition tells the rest. `parent`: of which kind the service is, where there is one. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parent?: "application" | "compose";
  /** Inputs with another value, in the place of their former one. None of the key, by which lists name a part. */
  readonly changed: Readonly<Record<string, unknown>>;
  /** Columns and values that the changed inputs have on the server. */
  readonly row: Readonly<Record<string, unknown>>;
  /** Inputs in the place of their former one that a check refuses, and what it says. */
  readonly refused?: readonly (readonly [inputs: Readonly<Record<string, unknown>>, says: RegExp])[];
  /** What is changed by hand, in the words of the API, and the input that shows it. */
  readonly byHand: { readonly column: string; readonly value: unknown; readonly input: string };
}

/** Every secret begins so, that a text which shows one is found. */
export const CANARY = "canary-zx81";

export const simpleData: Readonly<Record<string, SimpleData>> = {
  Domain: {
    parent: "compose",
    inputs: { host: "wiki.example.com", serviceName: "web", port: 8080 },
    changed: { port: 9090, https: true, certificateType: "letsencrypt", enabled: false },
    row: { host: "wiki.example.com", port: 9090, https: true, enabled: false, domainType: "compose" },
    refused: [
      [{ path: "api" }, /must begin with \//],
      [{ path: "/a b" }, /must begin with \/.*no space/],
      [{ internalPath: "/a`) || Host(`b" }, /must begin with \/.*no space/],
      [{ path: "/a?b=c" }, /must begin with \/.*no space/],
    ],
    byHand: { column: "port", value: 1234, input: "port" },
  },
  Port: {
    parent: "application",
    inputs: { publishedPort: 2525, targetPort: 25, publishMode: "host" },
    changed: { targetPort: 26 },
    row: { publishedPort: 2525, targetPort: 26, publishMode: "host", protocol: "tcp" },
    byHand: { column: "targetPort", value: 27, input: "targetPort" },
  },
  Redirect: {
    parent: "application",
    inputs: { regex: "^http://www", replacement: "https://", permanent: true },
    changed: { permanent: false },
    row: { regex: "^http://www", permanent: false },
    refused: [
      [{ regex: "^https?://(www" }, /is not a regular expression/],
      [{ regex: "[z-a]" }, /is not a regular expression/],
      [{ regex: "^https?://(?!www)" }, /looks ahead or behind/],
      [{ regex: "(?<=a)b" }, /looks ahead or behind/],
    ],
    byHand: { column: "replacement", value: "https://elsewhere", input: "replacement" },
  },
  Registry: {
    inputs: { name: "ghcr", url: "ghcr.io", username: "bot", password: `${CANARY}-1` },
    changed: { password: `${CANARY}-2`, imagePrefix: "acme" },
    row: { registryName: "ghcr", imagePrefix: "acme", password: `${CANARY}-2`, registryType: "cloud" },
    byHand: { column: "username", value: "other", input: "username" },
  },
  Security: {
    parent: "application",
    inputs: { username: "staff", password: `${CANARY}-1` },
    changed: { password: `${CANARY}-2` },
    row: { username: "staff", password: `${CANARY}-2` },
    refused: [
      [{ username: "st:aff" }, /no colon/],
      [{ username: "" }, /at least one character/],
      [{ username: "staff\n" }, /no control character/],
      [{ password: `${CANARY}\n` }, /has a control character/],
      [{ password: `${CANARY}${"é".repeat(36)}` }, /has more than 72 bytes/],
    ],
    byHand: { column: "password", value: `${CANARY}-3`, input: "password" },
  },
};
