// Written by `npm run docs` from cli/ci: the commands `pulumi-dokploy ci`.

// packages/text/closest.ts
function closest(key, known) {
  const lower = key.toLowerCase();
  const bare = (text) => text.toLowerCase().replace(/[-_ ]/g, "");
  return known.find((candidate) => bare(candidate) === bare(key) || isOneOff(lower, candidate.toLowerCase()));
}
function meantBy(name, known) {
  const isStart = (other) => name.length > 1 && other.toLowerCase().startsWith(name.toLowerCase());
  return closest(name, known) ?? known.find(isStart);
}
function isOneOff(a, b) {
  if (Math.min(a.length, b.length) < 3 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (a.length !== b.length) {
    const [longer, shorter] = a.length > b.length ? [restA, restB] : [restB, restA];
    return longer.slice(1) === shorter;
  }
  const swapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return swapped || restA.slice(1) === restB.slice(1);
}

// packages/text/hosts.ts
function isThisMachine(hostname) {
  return /^(?:localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

// packages/text/visible.ts
var blankSigns = String.raw`\u2800\u2d7f\u303f\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}`;
var hiddenOnes = String.raw`[\p{C}\p{Default_Ignorable_Code_Point}${blankSigns}]|(?! )\p{White_Space}`;
var runnerCommand = String.raw`#(?=#[\w.\-]*\[)`;
var colourTag = String.raw`<(?=\{%)`;
var ambiguous = String.raw`\\(?=[\\nrtx]|u\{|<\{%|##|${hiddenOnes})`;
var emoji = String.raw`(?<emoji>(?=\p{Emoji})\p{RGI_Emoji})`;
var inPiece = [hiddenOnes, runnerCommand, colourTag, ambiguous];
var inLines = [hiddenOnes, runnerCommand, colourTag];
var patterns = (kinds) => {
  let plain2;
  let withEmoji;
  return {
    get plain() {
      plain2 ??= new RegExp(kinds.join("|"), "gv");
      return plain2;
    },
    get emoji() {
      withEmoji ??= new RegExp([emoji, ...kinds].join("|"), "gv");
      return withEmoji;
    }
  };
};
var piece = patterns(inPiece);
var lines = patterns(inLines);
var harmless = /^[ !"$-;=-[\]-~]*$/;
var joint = /[\u200d\ufe0f\u{e007f}]/u;
function visible(text) {
  if (harmless.test(text)) return text;
  return text.replace(joint.test(text) ? piece.emoji : piece.plain, shown);
}
function visibleLines(text) {
  const unbroken = text.replaceAll("\r\n", "\n");
  return unbroken.replace(
    joint.test(unbroken) ? lines.emoji : lines.plain,
    (found, emoji2) => found === "\n" || found === "	" ? found : shown(found, emoji2)
  ).replace(/^([ \t]*):(?=:)/gm, String.raw`$1\x3a`);
}
var named = { "\n": "\\n", "\r": "\\r", "	": "\\t", "\\": "\\\\" };
function shown(found, emoji2) {
  return typeof emoji2 === "string" ? found : named[found] ?? escaped(found.codePointAt(0) ?? 0);
}
function escaped(point) {
  return point <= 255 ? `\\x${hex(point, 2)}` : `\\u{${hex(point, 4)}}`;
}
function hex(value, digits) {
  return value.toString(16).padStart(digits, "0");
}

// packages/text/words.ts
function pluralOf(word) {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}${/(?:s|x|ch|sh)$/.test(word) ? "es" : "s"}`;
}
function counted(count, noun) {
  return `${count} ${count === 1 ? noun : pluralOf(noun)}`;
}

// packages/values/record.ts
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// provider/errors/problem.ts
var UserError = class extends Error {
  constructor(message) {
    super(message);
    this.name = "UserError";
  }
};

// cli/terminal/errors.ts
var UsageError = class extends Error {
};

// cli/terminal/options.ts
var import_node_util = require("node:util");
function flagOption(...help2) {
  return { type: "boolean", default: false, help: help2 };
}
function valueOption(value, ...help2) {
  return { type: "string", value, help: help2 };
}
function page(name) {
  return `https://github.com/pulumi-dokploy/pulumi-dokploy/blob/main/docs/${name}.md`;
}
var help = { ...flagOption("Show this text"), short: "h" };
var json = flagOption(`Print JSON: ${page("operations/json")}`);
var stagesFolder = { ...valueOption("DIR", "Folder of the stages"), default: "envs" };
function parseArguments(options, args) {
  return usageError(options, () => (0, import_node_util.parseArgs)({ args, options, allowPositionals: true }));
}
function parseOptions(options, args) {
  return usageError(options, () => (0, import_node_util.parseArgs)({ args, options })).values;
}
function usageError(options, parse) {
  try {
    return parse();
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : String(error)).split(/(?<=[^.])\. /);
    const [, unknown] = /^Unknown option '--([^'=]+)'/.exec(what ?? "") ?? [];
    const meant = unknown === void 0 ? void 0 : meantBy(unknown, Object.keys(options));
    throw new UsageError(
      `${what?.replace(/\.$/, "")}. ${meant === void 0 ? "See --help." : `Did you mean --${meant}?`}`
    );
  }
}
var longestLine = 120;
function optionsHelp(options, column) {
  return optionLines({ ...options, help }, column);
}
function optionLines(options, column = 19) {
  return ["Options:", ...Object.entries(options).flatMap(([name, option]) => linesOf(name, option, column))];
}
function linesOf(name, { value, short, help: help2, default: standard }, column) {
  const long = `  --${name}${value === void 0 ? "" : ` ${value}`}`;
  const names = short === void 0 ? long : `${long}, -${short}`;
  const words = [...help2];
  if (typeof standard === "string") {
    const note = `(default: ${standard})`;
    const line = `${words.pop() ?? ""} ${note}`;
    words.push(...column + line.length <= longestLine ? [line] : [...help2.slice(-1), note]);
  }
  const [first = "", ...others] = words.map((line) => " ".repeat(column) + line);
  if (names.length >= column) return [names, first, ...others];
  return [names + first.slice(names.length), ...others];
}

// cli/terminal/output.ts
var import_node_crypto = require("node:crypto");
var import_node_fs = require("node:fs");
function print(text) {
  process.stdout.write(ended(visibleLines(text)));
}
function complain(text) {
  process.stderr.write(ended(visibleLines(`pulumi-dokploy: ${text}`)));
}
function pass(text) {
  process.stdout.write(visibleLines(text));
}
async function withoutCommands(run2, env = process.env) {
  if (env["GITHUB_ACTIONS"] !== "true") return await run2();
  const resume = (0, import_node_crypto.randomUUID)();
  process.stdout.write(`::stop-commands::${resume}
`);
  try {
    return await run2();
  } finally {
    process.stdout.write(`::${resume}::
`);
  }
}
function ended(text) {
  return text.endsWith("\n") ? text : `${text}
`;
}
var mostAnnotated = 10;
function annotate(title, lines2, env = process.env) {
  if (env["GITHUB_ACTIONS"] !== "true") return;
  const shown2 = lines2.flatMap((line) => visibleLines(line).split("\n"));
  const more = shown2.length - mostAnnotated;
  const first = [
    ...shown2.slice(0, mostAnnotated),
    ...more > 0 ? [`and ${more} more lines in the summary`] : []
  ];
  process.stderr.write(
    `::error title=${escaped2(title, /[%\r\n:,]/g)}::${escaped2(first.join("\n"), /[%\r\n]/g)}
`
  );
  const summary = env["GITHUB_STEP_SUMMARY"];
  if (summary) (0, import_node_fs.appendFileSync)(summary, `### ${title}

${shown2.map((line) => `    ${line}
`).join("")}
`);
}
function escaped2(text, signs) {
  return text.replace(signs, encodeURIComponent);
}

// cli/terminal/table.ts
var widest = 80;
function aligned(rows, indent = "  ") {
  const widths = (rows[0] ?? []).map((_, column) => {
    let most = 0;
    for (const row of rows) most = Math.max(most, width(row[column] ?? ""));
    return Math.min(most, widest);
  });
  const padded = (text, column) => text + " ".repeat(Math.max(0, (widths[column] ?? 0) - width(text)));
  return rows.map((row) => (indent + row.map(padded).join("  ")).trimEnd());
}
function wrapped(text, most, indent, first = indent) {
  const lines2 = [];
  for (const word of text.split(" ")) {
    const last2 = lines2.at(-1);
    if (last2 !== void 0 && width(last2) + 1 + width(word) <= most)
      lines2[lines2.length - 1] = `${last2} ${word}`;
    else lines2.push((last2 === void 0 ? first : indent) + word);
  }
  return lines2;
}
function width(text) {
  return [...text].length;
}

// cli/terminal/command.ts
function commandsHelp(commands, words, options = {}) {
  return [
    `Usage: ${words} <command> [options]`,
    "",
    "Commands:",
    ...aligned(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    "",
    ...optionLines({ help: { ...help, help: ["Show this text, or the help of a command"] }, ...options }, 17)
  ].join("\n");
}
async function runCommand(commands, words, [name = "", ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : void 0;
  if (command === void 0) {
    if (isHelp(name)) return print(commandsHelp(commands, words));
    if (name === "") throw new UsageError(`No command given.

${commandsHelp(commands, words)}`);
    const known = Object.keys(commands);
    const meant = meantBy(name, known);
    const question = meant === void 0 ? "" : ` Did you mean ${meant}?`;
    throw new UsageError(`Unknown command "${name}".${question} Known: ${known.join(", ")}.`);
  }
  if ("commands" in command) return await runCommand(command.commands, `${words} ${name}`, args);
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (own.some(isHelp)) print(command.help);
  else await command.run(args);
}
function isHelp(word) {
  return word === "--help" || word === "-h";
}

// cli/terminal/exit-codes.ts
var exitCodes = {
  /** Success, and nothing that counts was found. */
  done: 0,
  /** Failure, or something that counts was found, such as a difference. */
  failed: 1,
  /** Wrong argument, or one that names something which cannot be read. */
  wrong: 2,
  /** Summary of a plan with something that `--fail-on` names; after a failure there is no summary. */
  named: 3,
  /** Code of `env run`, as of a shell, for a command that cannot be started. */
  notStarted: 126,
  /** Code of `env run`, as of a shell, for a command that does not exist. */
  unknownCommand: 127,
  /** Code of `env run`, as of a shell, for a command that a signal ended; the number of the signal is added. */
  signal: 128
};
function exitCodesHelp({ done, failed, wrong = "an option is wrong", named: named2 }, width2 = longestLine) {
  const meanings = [
    [exitCodes.done, done],
    [exitCodes.failed, failed],
    [exitCodes.wrong, wrong],
    [exitCodes.named, named2]
  ];
  const parts = meanings.flatMap(([code, meaning]) => meaning === void 0 ? [] : [`${code} ${meaning}`]);
  return wrapped(`Exit codes: ${parts.join("; ")}.`, width2, "");
}

// cli/terminal/input.ts
var import_node_fs2 = require("node:fs");
var import_promises = require("node:fs/promises");
var maxMiB = 64;
async function readForeign(file, what) {
  return await read(file, what, import_node_fs2.constants.O_NOFOLLOW);
}
async function read(file, what, flags) {
  const chunks = [];
  let size = 0;
  try {
    const input = file === "-" ? process.stdin : (await (0, import_promises.open)(file, import_node_fs2.constants.O_RDONLY | flags)).createReadStream();
    for await (const chunk of input) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxMiB * 2 ** 20) break;
    }
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`);
  }
  if (size > maxMiB * 2 ** 20) throw new UsageError(`${what} is larger than ${maxMiB} MiB.`);
  return decode(Buffer.concat(chunks));
}
function decode(bytes) {
  const isUtf16 = bytes[0] === 255 && bytes[1] === 254;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}
function reasonOf(error) {
  const { code } = error;
  const reasons = {
    ENOENT: "no such file or folder",
    EISDIR: "it is a folder",
    EACCES: "access is denied",
    ELOOP: "it is a link"
  };
  return reasons[code ?? ""] ?? (error instanceof Error ? error.message : String(error));
}

// cli/ci/deployments.ts
async function showDeployments(host, file, stage) {
  const shown2 = deploymentsIn(await readForeign(file, "The status"), stage, host.checkedOut);
  for (const each of shown2) await host.showDeployment(each);
  return shown2.map(({ environment }) => environment);
}
function deploymentsIn(text, stage, commit) {
  let services;
  try {
    ({ services } = JSON.parse(text));
  } catch {
  }
  if (!Array.isArray(services)) throw new UsageError("The file is no output of `status --json`.");
  return services.flatMap(({ name, addresses, lastDeployment }) => {
    if (typeof name !== "string" || lastDeployment?.commit !== commit || commit === "") return [];
    const { status } = lastDeployment;
    if (status !== "done" && status !== "error") return [];
    const [address] = Array.isArray(addresses) ? addresses.filter(isAddress) : [];
    return [
      {
        environment: `${stage}/${visible(name).slice(0, 200)}`,
        commit,
        succeeded: status === "done",
        address
      }
    ];
  });
}
function isAddress(value) {
  return typeof value === "string" && /^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : "");
}

// cli/ci/github.ts
var import_node_fs3 = require("node:fs");

// cli/ci/api.ts
var deadlineMs = 3e4;
var perPage = 100;
var maxPages = 1e3;
var HostApi = class {
  /**
   * @param name name of the host in messages
   * @param base address of the API
   * @param headers with the token
   */
  constructor(name, base, headers) {
    this.name = name;
    this.headers = headers;
    const url = URL.canParse(base) ? new URL(base) : void 0;
    if (url?.protocol !== "https:" && !(url?.protocol === "http:" && isThisMachine(url.hostname)))
      throw new UsageError(`The address of ${name}'s API is not an https address: ${visible(base)}.`);
    this.#base = base.replace(/(?<!\/)\/+$/, "");
  }
  name;
  headers;
  #base;
  /**
   * Sends one request, and returns the response.
   *
   * @param purpose words for messages: `write a comment`
   */
  async call(purpose, method, path, body) {
    let response;
    try {
      response = await fetch(`${this.#base}/${path}`, {
        method,
        headers: { ...this.headers, "content-type": "application/json" },
        ...body === void 0 ? {} : { body: JSON.stringify(body) },
        // Another address must not get the token.
        redirect: "error",
        signal: AbortSignal.timeout(deadlineMs)
      });
    } catch {
      throw new UserError(
        `${this.name} did not respond, so the job could not ${purpose}. Run the job again.`
      );
    }
    if (!response.ok) throw new UserError(this.#refusal(purpose, response.status));
    const text = await response.text();
    try {
      return text === "" ? void 0 : JSON.parse(text);
    } catch {
      throw new UserError(
        `${this.name} responded with text other than JSON, so the job could not ${purpose}.`
      );
    }
  }
  /** Reads all pages of a list. */
  async list(purpose, path) {
    const rows = [];
    for (let page2 = 1; page2 <= maxPages; page2++) {
      const query = `${path.includes("?") ? "&" : "?"}per_page=${perPage}&page=${page2}`;
      const response = await this.call(purpose, "GET", path + query);
      if (!Array.isArray(response))
        throw new UserError(
          `${this.name} responded with something other than a list, so the job could not ${purpose}.`
        );
      rows.push(...response);
      if (response.length < perPage) return rows;
    }
    throw new UserError(
      `${this.name} has more than ${perPage * maxPages} rows, so the job could not ${purpose}.`
    );
  }
  #refusal(purpose, status) {
    const advice = {
      401: "the token is wrong or has expired",
      403: "the token lacks the permission",
      404: "it does not exist, or the token may not see it",
      422: "the host refuses a value"
    };
    return `The job could not ${purpose}: ${this.name} responded with ${status}${advice[status] === void 0 ? "" : ` (${advice[status]})`}.`;
  }
};
function given(env, name) {
  const { [name]: value = "" } = env;
  if (value === "") throw new UsageError(`${name} is not set, which each job of this host has.`);
  return value;
}
function tokenOf(env, ...names) {
  for (const name of names) if (env[name]) return env[name];
  throw new UsageError(`There is no token: set ${names.join(" or ")} in the environment of the job.`);
}

// cli/ci/github.ts
function githubHost(env, author2) {
  const repository = given(env, "GITHUB_REPOSITORY");
  const repo = `repos/${repository}`;
  const api = new HostApi("GitHub", env["GITHUB_API_URL"] || "https://api.github.com", {
    authorization: `Bearer ${tokenOf(env, "GH_TOKEN", "GITHUB_TOKEN")}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
    "user-agent": "pulumi-dokploy"
  });
  const { pull_request: pull } = eventOf(env);
  const isOwn = (row) => row["user"]?.login === author2;
  const numberOfPull = () => {
    if (Number.isSafeInteger(pull?.number)) return Number(pull?.number);
    throw new UsageError("This run belongs to no pull request.");
  };
  return {
    commit: typeof pull?.head?.sha === "string" ? pull.head.sha.slice(0, 7) : void 0,
    checkedOut: env["GITHUB_SHA"] ?? "",
    run: `${env["GITHUB_SERVER_URL"] || "https://github.com"}/${repository}/actions/runs/${given(env, "GITHUB_RUN_ID")}`,
    async findComment(start) {
      const rows = await api.list("read the comments", `${repo}/issues/${numberOfPull()}/comments`);
      return idOf(
        rows.find((row) => isOwn(row) && String(row["body"]).startsWith(start)),
        "id"
      );
    },
    async writeComment(body, former) {
      const path = `${repo}/issues`;
      if (former) await api.call("write a comment", "PATCH", `${path}/comments/${former.id}`, { body });
      else await api.call("write a comment", "POST", `${path}/${numberOfPull()}/comments`, { body });
    },
    async findIssue(start) {
      const query = `state=open&creator=${encodeURIComponent(author2)}`;
      const rows = await api.list("read the issues", `${repo}/issues?${query}`);
      return idOf(
        rows.find((row) => isOwn(row) && String(row["body"]).startsWith(start)),
        "number"
      );
    },
    async writeIssue(title, body, former) {
      if (former) await api.call("change an issue", "PATCH", `${repo}/issues/${former.id}`, { body });
      else await api.call("open an issue", "POST", `${repo}/issues`, { title, body });
    },
    async closeIssue({ id }, reason) {
      await api.call("close an issue", "POST", `${repo}/issues/${id}/comments`, { body: reason });
      await api.call("close an issue", "PATCH", `${repo}/issues/${id}`, { state: "closed" });
    },
    async openRequests() {
      const rows = await api.list("read the pull requests", `${repo}/pulls?state=open`);
      return rows.map((row) => Number(row["number"]));
    },
    async showDeployment({ environment, commit, succeeded, address }) {
      const what = "show a deployment";
      const query = `sha=${commit}&environment=${encodeURIComponent(environment)}`;
      const former = idOf((await api.list(what, `${repo}/deployments?${query}`))[0], "id");
      const made = former ?? idOf(
        await api.call(what, "POST", `${repo}/deployments`, {
          ref: commit,
          environment,
          auto_merge: false,
          required_contexts: []
        }),
        "id"
      );
      if (made === void 0) return;
      await api.call(what, "POST", `${repo}/deployments/${made.id}/statuses`, {
        state: succeeded ? "success" : "failure",
        ...address === void 0 ? {} : { environment_url: address }
      });
    }
  };
}
function eventOf(env) {
  const file = env["GITHUB_EVENT_PATH"];
  if (!file) return {};
  try {
    return JSON.parse((0, import_node_fs3.readFileSync)(file, "utf8"));
  } catch {
    throw new UsageError("GITHUB_EVENT_PATH names no file of an event.");
  }
}
function idOf(row, name) {
  const id = row?.[name];
  return Number.isSafeInteger(id) ? { id: Number(id) } : void 0;
}

// cli/ci/gitlab.ts
function gitlabHost(env) {
  const api = new HostApi("GitLab", given(env, "CI_API_V4_URL"), {
    "private-token": tokenOf(env, "GITLAB_TOKEN")
  });
  const project = `projects/${encodeURIComponent(given(env, "CI_PROJECT_ID"))}`;
  const notes = () => `${project}/merge_requests/${encodeURIComponent(given(env, "CI_MERGE_REQUEST_IID"))}/notes`;
  const author2 = async () => Number((await api.call("find the user of the token", "GET", "user"))["id"]);
  const commit = env["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] || env["CI_COMMIT_SHA"];
  return {
    commit: commit?.slice(0, 8),
    checkedOut: env["CI_COMMIT_SHA"] ?? "",
    run: env["CI_PIPELINE_URL"] ?? "",
    async findComment(start) {
      const own = await author2();
      const rows = await api.list("read the notes", notes());
      return idOf2(
        rows.find((row) => row["author"]["id"] === own && String(row["body"]).startsWith(start)),
        "id"
      );
    },
    async writeComment(body, former) {
      if (former) await api.call("write a note", "PUT", `${notes()}/${former.id}`, { body });
      else await api.call("write a note", "POST", notes(), { body });
    },
    async findIssue(start) {
      const query = `state=opened&author_id=${await author2()}`;
      const rows = await api.list("read the issues", `${project}/issues?${query}`);
      return idOf2(
        rows.find((row) => String(row["description"] ?? "").startsWith(start)),
        "iid"
      );
    },
    async writeIssue(title, description, former) {
      if (former) await api.call("change an issue", "PUT", `${project}/issues/${former.id}`, { description });
      else await api.call("open an issue", "POST", `${project}/issues`, { title, description });
    },
    async closeIssue({ id }, body) {
      await api.call("close an issue", "POST", `${project}/issues/${id}/notes`, { body });
      await api.call("close an issue", "PUT", `${project}/issues/${id}`, { state_event: "close" });
    },
    async openRequests() {
      const rows = await api.list("read the merge requests", `${project}/merge_requests?state=opened`);
      return rows.map((row) => Number(row["iid"]));
    },
    async showDeployment({ environment, commit: commit2, succeeded, address }) {
      const what = "show a deployment";
      const name = encodeURIComponent(environment);
      const former = idOf2((await api.list(what, `${project}/environments?name=${name}`))[0], "id");
      const external = address === void 0 ? {} : { external_url: address };
      if (former === void 0)
        await api.call(what, "POST", `${project}/environments`, { name: environment, ...external });
      else await api.call(what, "PUT", `${project}/environments/${former.id}`, external);
      await api.call(what, "POST", `${project}/deployments`, {
        environment,
        sha: commit2,
        ref: given(env, "CI_COMMIT_REF_NAME"),
        tag: false,
        status: succeeded ? "success" : "failed"
      });
    }
  };
}
function idOf2(row, name) {
  return Number.isSafeInteger(row?.[name]) ? { id: Number(row?.[name]) } : void 0;
}

// cli/ci/detect.ts
function hostOf(env, author2 = "github-actions[bot]") {
  if (env["GITLAB_CI"] === "true") return gitlabHost(env);
  if (env["GITHUB_ACTIONS"] === "true") return githubHost(env, author2);
  throw new UsageError(
    "This command runs in a job of GitHub Actions or GitLab CI; neither has set its variables."
  );
}

// cli/ci/job/command.ts
var import_node_child_process = require("node:child_process");
var import_node_fs6 = require("node:fs");
var import_node_os = require("node:os");
var import_node_path2 = require("node:path");
var import_promises2 = require("node:timers/promises");

// cli/ci/job/identity.ts
var import_node_fs4 = require("node:fs");
var import_node_path = require("node:path");
var deadlineMs2 = 3e4;
var clouds = [
  {
    asks: ["AWS_ROLE_ARN"],
    unless: ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"],
    audience: () => "sts.amazonaws.com",
    variables: ({ GITHUB_RUN_ID = "" }, tokenFile) => ({
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ROLE_SESSION_NAME: `pulumi-dokploy-${GITHUB_RUN_ID}`
    })
  },
  {
    asks: ["GOOGLE_WORKLOAD_IDENTITY_PROVIDER"],
    unless: ["GOOGLE_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"],
    audience: (env) => `https://iam.googleapis.com/${env["GOOGLE_WORKLOAD_IDENTITY_PROVIDER"]}`,
    variables: ({ GOOGLE_WORKLOAD_IDENTITY_PROVIDER, GOOGLE_SERVICE_ACCOUNT }, file) => ({
      GOOGLE_CREDENTIALS: JSON.stringify({
        type: "external_account",
        audience: `//iam.googleapis.com/${GOOGLE_WORKLOAD_IDENTITY_PROVIDER}`,
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        token_url: "https://sts.googleapis.com/v1/token",
        credential_source: { file },
        ...GOOGLE_SERVICE_ACCOUNT ? {
          service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${encodeURIComponent(GOOGLE_SERVICE_ACCOUNT)}:generateAccessToken`
        } : {}
      })
    })
  },
  {
    asks: ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"],
    unless: [
      "AZURE_STORAGE_KEY",
      "AZURE_STORAGE_SAS_TOKEN",
      "AZURE_FEDERATED_TOKEN_FILE",
      "AZURE_CLIENT_SECRET"
    ],
    audience: () => "api://AzureADTokenExchange",
    variables: (_, tokenFile) => ({ AZURE_FEDERATED_TOKEN_FILE: tokenFile })
  }
];
var requestVariables = ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
async function identify(env, settings, folder) {
  const all = {};
  const hasIdentity = requestVariables.every((name) => env[name]);
  for (const [index, { asks, unless, audience, variables: variables2 }] of clouds.entries()) {
    if (!asks.every((name) => env[name]) || unless.some((name) => env[name])) continue;
    if (!hasIdentity && !asks.some((name) => name in settings)) continue;
    const file = (0, import_node_path.join)(folder, `token-${index}`);
    (0, import_node_fs4.writeFileSync)(file, await tokenFor(audience(env), asks[0] ?? "", env), { mode: 384 });
    Object.assign(all, variables2(env, file));
  }
  return all;
}
async function tokenFor(audience, asked, env) {
  const [url = "", token = ""] = requestVariables.map((name) => env[name]);
  if (url === "" || token === "")
    throw new UserError(
      `${asked} is set, but this job has no identity that GitHub could vouch for: give the job, and the one that calls the workflow, the permission id-token: write.`
    );
  const address = URL.canParse(url) ? new URL(url) : void 0;
  const isPrivate = address?.protocol === "https:" || address && isThisMachine(address.hostname);
  if (!address || !isPrivate)
    throw new UserError("The address for the identity of this job is not an https address.");
  address.searchParams.set("audience", audience);
  let response;
  let body;
  try {
    response = await fetch(address, {
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      // Another address must not get the token.
      redirect: "error",
      signal: AbortSignal.timeout(deadlineMs2)
    });
    body = await response.json();
  } catch {
    throw new UserError("GitHub did not give this job its identity. Run the job again.");
  }
  const value = isRecord(body) ? body["value"] : void 0;
  if (response.ok && typeof value === "string" && value !== "") return value;
  throw new UserError(`GitHub did not give this job its identity (${response.status}). Run the job again.`);
}

// cli/ci/job/log.ts
var import_node_fs5 = require("node:fs");
var portion = 64 * 1024;
var newline = 10;
var RunningLog = class _RunningLog {
  constructor(file, pid, folder, printed) {
    this.file = file;
    this.pid = pid;
    this.folder = folder;
    this.#printed = printed;
  }
  file;
  pid;
  folder;
  /** Bytes that have been printed. */
  #printed;
  static begin(file, pid, folder) {
    const log2 = new _RunningLog(file, pid, folder, 0);
    log2.leave();
    return log2;
  }
  /** Finds the log of a command that another process has left; undefined when it has ended, or none was started. */
  static find(file) {
    let state;
    try {
      state = JSON.parse((0, import_node_fs5.readFileSync)(stateOf(file), "utf8"));
    } catch {
      return void 0;
    }
    if (!isRecord(state)) return void 0;
    const { pid, folder, printed } = state;
    const isWhole = Number.isSafeInteger(pid) && Number(pid) > 1 && Number.isSafeInteger(printed);
    if (!isWhole || typeof folder !== "string") return void 0;
    return new _RunningLog(file, Number(pid), folder, Number(printed));
  }
  /** Prints the lines that are new. */
  printNew() {
    this.#print((bytes) => bytes.lastIndexOf(newline) + 1);
  }
  /** Lets another process continue. */
  leave() {
    const { pid, folder } = this;
    (0, import_node_fs5.writeFileSync)(stateOf(this.file), JSON.stringify({ pid, folder, printed: this.#printed }), {
      mode: 384
    });
  }
  /** Prints the rest. */
  end() {
    this.#print((bytes) => bytes.length);
    (0, import_node_fs5.rmSync)(stateOf(this.file), { force: true });
  }
  #print(lengthOf) {
    const file = (0, import_node_fs5.openSync)(this.file, "r");
    try {
      const parts = [];
      for (let at = this.#printed; ; ) {
        const part = Buffer.alloc(portion);
        const read2 = (0, import_node_fs5.readSync)(file, part, 0, portion, at);
        if (read2 === 0) break;
        parts.push(part.subarray(0, read2));
        at += read2;
      }
      const bytes = Buffer.concat(parts);
      const length = lengthOf(bytes);
      if (length > 0) pass(plain(bytes.subarray(0, length).toString("utf8")));
      this.#printed += length;
    } finally {
      (0, import_node_fs5.closeSync)(file);
    }
  }
};
function plain(text) {
  return text.replaceAll(/^( +)<\{%fg 1%\}>(\d+ errored)<\{%reset%\}>(?=\r?$)/gm, "$1$2");
}
function stateOf(file) {
  return `${file}.running`;
}

// cli/ci/job/settings.ts
var inputs = [
  "dokploy-url",
  "dokploy-api-key",
  "pulumi-backend-url",
  "pulumi-access-token",
  "pulumi-config-passphrase",
  "aws-access-key-id",
  "aws-secret-access-key",
  "google-credentials",
  "azure-storage-key"
];
var variables = [
  "DOKPLOY_URL",
  "PULUMI_BACKEND_URL",
  "AWS_REGION",
  "AWS_ROLE_ARN",
  "AZURE_CLIENT_ID",
  "AZURE_STORAGE_ACCOUNT",
  "AZURE_TENANT_ID",
  "GOOGLE_SERVICE_ACCOUNT",
  "GOOGLE_WORKLOAD_IDENTITY_PROVIDER"
];
var settingsVariable = "SETTINGS";
function settingsIn(text, env) {
  const given2 = text ? objectIn(text) : {};
  const { variables: all } = given2;
  const ofEnvironment = typeof all === "string" && all !== "" ? objectIn(all) : {};
  const settings = {};
  const take = (name, value) => {
    if (typeof value === "string" && value !== "") settings[name] = value;
  };
  for (const name of variables) take(name, ofEnvironment[name]);
  for (const name of inputs) take(name.toUpperCase().replaceAll("-", "_"), given2[name]);
  const isPassphrased = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].some(
    (name) => env[name] !== void 0 || name in settings
  );
  if (given2["pulumi-config-passphrase"] === "" && !isPassphrased) settings["PULUMI_CONFIG_PASSPHRASE"] = "";
  return settings;
}
function objectIn(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    value = void 0;
  }
  if (isRecord(value)) return value;
  throw new UsageError(
    `${settingsVariable} is not a JSON object. The actions set it: \${{ toJSON(inputs) }}.`
  );
}

// cli/ci/job/command.ts
var passedOn = ["SIGINT", "SIGTERM", "SIGHUP"];
var lookMs = 100;
var patienceMs = 4 * 6e4;
async function runInJob([command = "", ...args], env, log2) {
  const folder = (0, import_node_fs6.mkdtempSync)((0, import_node_path2.join)(env["RUNNER_TEMP"] || (0, import_node_os.tmpdir)(), "pulumi-dokploy-"));
  const signals = new Signals();
  let isLeft = false;
  try {
    const output = log2 === void 0 ? void 0 : (0, import_node_fs6.openSync)(log2, "w");
    const child = (0, import_node_child_process.spawn)(command, args, {
      env: await environmentOf(env, folder),
      // A group of its own: otherwise a signal of a terminal would arrive twice.
      detached: process.platform !== "win32",
      stdio: output === void 0 ? "inherit" : ["ignore", output, output]
    });
    if (output !== void 0) (0, import_node_fs6.closeSync)(output);
    const ended3 = new Promise((resolve) => {
      child.once("error", (error) => resolve(notStarted(command, error)));
      child.once("exit", (code, signal) => resolve(code ?? codeOf(signal)));
    });
    const { pid } = child;
    if (pid === void 0) return await ended3;
    if (log2 === void 0) {
      signals.passOn((signal) => signalTo(pid, signal));
      return await ended3;
    }
    const running = RunningLog.begin(log2, pid, folder);
    const left = new Promise((resolve) => {
      let isSignalled = false;
      signals.passOn((signal) => {
        if (isSignalled && signal !== "SIGINT") {
          isLeft = true;
          resolve(codeOf(signal));
        } else signalTo(pid, signal);
        isSignalled = true;
      });
    });
    return await withoutCommands(async () => {
      const code = await printing(running, Promise.race([ended3, left]));
      if (isLeft) {
        running.leave();
        child.unref();
      } else running.end();
      return code;
    });
  } finally {
    signals.stop();
    if (!isLeft) (0, import_node_fs6.rmSync)(folder, { recursive: true, force: true });
  }
}
async function waitForEnd(log2) {
  const running = RunningLog.find(log2);
  if (running === void 0) return;
  complain("this step waits until the command has ended and saved what it did");
  const lateAt = Date.now() + patienceMs;
  let isLate = false;
  await withoutCommands(async () => {
    while (isAlive(running.pid)) {
      running.printNew();
      if (!isLate && Date.now() > lateAt) {
        isLate = true;
        complain("it has not ended in time, so it no longer waits for its deployments");
        signalTo(running.pid, "SIGINT");
      }
      await (0, import_promises2.setTimeout)(lookMs);
    }
    running.end();
  });
  (0, import_node_fs6.rmSync)(running.folder, { recursive: true, force: true });
}
async function environmentOf(env, folder) {
  const settings = settingsIn(env[settingsVariable], env);
  const all = { ...env, ...settings };
  Object.assign(all, await identify(all, settings, folder));
  for (const name of [settingsVariable, ...requestVariables]) delete all[name];
  if (all["DOKPLOY_PLAN_KEY"] === "") delete all["DOKPLOY_PLAN_KEY"];
  if (all["PULUMI_ACCESS_TOKEN"] || all["PULUMI_BACKEND_URL"]) all["PULUMI_CREDENTIALS_PATH"] ??= folder;
  return all;
}
async function printing(log2, ended3) {
  let isOver = false;
  const over = ended3.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    log2.printNew();
    await Promise.race([over, (0, import_promises2.setTimeout)(lookMs)]);
  }
  log2.printNew();
  return await over;
}
var Signals = class {
  #early = [];
  #take = (signal) => void this.#early.push(signal);
  #listener = (signal) => this.#take(signal);
  constructor() {
    for (const signal of passedOn) process.on(signal, this.#listener);
  }
  /** Passes on each signal, also those that came before. */
  passOn(take) {
    this.#take = take;
    for (const signal of this.#early) take(signal);
  }
  stop() {
    for (const signal of passedOn) process.off(signal, this.#listener);
  }
};
function signalTo(pid, signal) {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
  }
}
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) [ZX]/s.test((0, import_node_fs6.readFileSync)(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}
function codeOf(signal) {
  return exitCodes.signal + (signal === null ? 0 : import_node_os.constants.signals[signal]);
}
function notStarted(command, { code = "unknown error" }) {
  if (code === "ENOENT") complain(`there is no command ${visible(command)} on the PATH`);
  else complain(`${visible(command)} cannot be started (${code})`);
  return code === "ENOENT" ? exitCodes.unknownCommand : exitCodes.notStarted;
}

// cli/ci/job/result.ts
var import_node_fs7 = require("node:fs");
var headings = {
  success: (stage) => `Deployed to \`${stage}\``,
  failure: (stage) => `The deployment to \`${stage}\` failed`,
  cancelled: (stage) => `The deployment to \`${stage}\` was cancelled`
};
var mostBytes = 9e5;
var saysNothing = /^error: (?:update|preview) failed$/;
function resultOf(log2, stage, outcome) {
  const heading = Object.entries(headings).find(([name]) => name === outcome)?.[1];
  if (heading === void 0)
    throw new UsageError(`An outcome is ${Object.keys(headings).join(", ")}, not "${outcome}".`);
  if (!/^[\w./-]+$/.test(stage)) throw new UsageError("A stage is made of letters, digits and . _ / -");
  const lines2 = linesOf2(log2);
  const end = lines2.slice(lines2.lastIndexOf("Resources:"));
  const parts = [
    `### ${heading(stage)}`,
    ...errorsIn(lines2).map(block),
    ...lines2.includes("Resources:") ? [block(end)] : [],
    lines2.length === 0 ? "Nothing was printed. The log of the job says more." : `<details><summary>Log</summary>

${block(last(lines2))}

</details>`
  ];
  return `${parts.join("\n\n")}

`;
}
function linesOf2(log2) {
  let text;
  try {
    text = (0, import_node_fs7.readFileSync)(log2, "utf8");
  } catch (error) {
    throw new UsageError(`${log2} cannot be read: ${reasonOf(error)}`);
  }
  const shown2 = visibleLines(plain(text)).trimEnd();
  return shown2 === "" ? [] : shown2.split("\n");
}
function errorsIn(lines2) {
  const errors = [];
  let isInside = false;
  for (const line of lines2) {
    const begins = line.startsWith("error: ");
    isInside = begins || isInside && /^(?:\s|$)/.test(line);
    if (begins) errors.push([line]);
    else if (isInside) errors.at(-1)?.push(line);
  }
  const unique = [...new Set(errors.map((error) => error.join("\n").trimEnd()))];
  const telling = unique.filter((text) => !saysNothing.test(text));
  return (telling.length > 0 ? telling : unique).map((text) => text.split("\n"));
}
function last(lines2) {
  let bytes = 0;
  const from = lines2.findLastIndex((line) => {
    bytes += Buffer.byteLength(line) + 5;
    return bytes > mostBytes;
  });
  return from === -1 ? [...lines2] : ["…", ...lines2.slice(from + 1)];
}
function block(lines2) {
  return lines2.map((line) => `    ${line}`).join("\n");
}

// cli/ci/report.ts
var import_node_fs8 = require("node:fs");
function markerOf(subject2) {
  if (/^[A-Za-z0-9][A-Za-z0-9 :._/-]{0,99}$/.test(subject2)) return `<!-- ${subject2} -->`;
  throw new UsageError("A subject is made of letters, digits, spaces and : . _ / -");
}
async function keepComment(host, file, subject2, { withCommit }) {
  const marker = markerOf(subject2);
  if (!(0, import_node_fs8.existsSync)(file)) return false;
  const text = visibleLines(await readForeign(file, "The text"));
  const end = withCommit && host.commit !== void 0 ? `
Commit ${host.commit}
` : "";
  await host.writeComment(`${marker}
${ended2(text)}${end}`, await host.findComment(marker));
  return true;
}
async function keepIssue(host, file, subject2, title) {
  const marker = markerOf(subject2);
  const text = visibleLines(await readForeign(file, "The text"));
  const body = `${marker}
${ended2(text)}
Last seen: ${host.run}
`;
  await host.writeIssue(title, body, await host.findIssue(marker));
}
async function closeIssue(host, subject2) {
  const open2 = await host.findIssue(markerOf(subject2));
  if (open2 !== void 0) await host.closeIssue(open2, `The difference is gone: ${host.run}`);
}
function ended2(text) {
  return text.endsWith("\n") ? text : `${text}
`;
}

// cli/ci/stack-files.ts
var import_node_child_process2 = require("node:child_process");
var import_node_fs9 = require("node:fs");
var harmless2 = /^(?:config|encryptionsalt|encryptedkey|secretsprovider):/;
var stackFile = /^(?!node_modules\/|\.git\/|\.pulumi-dokploy\/)(?:.*\/)?Pulumi\.[^/]+\.[^./]+$/;
function changedStackFiles(base) {
  if (!/^\w[\w./^~-]*$/.test(base)) throw new UsageError("--base takes a commit, such as HEAD^1.");
  const files = (0, import_node_fs9.readdirSync)(".", { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/")).filter((file) => stackFile.test(file));
  return files.filter((file) => othersIn((0, import_node_fs9.readFileSync)(file, "utf8")) !== othersIn(textAt(base, file)));
}
function othersIn(text) {
  let isHarmless = false;
  return text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).filter((line) => {
    if (/^\s*(?:#.*)?$/.test(line)) return false;
    if (/^\S/.test(line)) isHarmless = harmless2.test(line);
    return !isHarmless;
  }).join("\n");
}
function textAt(base, file) {
  try {
    return (0, import_node_child_process2.execFileSync)("git", ["show", `${base}:./${file}`], { encoding: "utf8", stdio: "pipe" });
  } catch {
    return "";
  }
}

// cli/commands/ci.ts
var author = valueOption("NAME", "User of the token on GitHub (default: github-actions[bot])");
var subject = valueOption(
  "TEXT",
  "Subject, such as `plan: test`: a hidden line by which the text is found again"
);
var about = [
  "",
  "Runs in a job of GitHub Actions, with the token GH_TOKEN or GITHUB_TOKEN, or of GitLab CI, with GITLAB_TOKEN. It changes",
  "only what the user of this token wrote, and sends the token to the API of the host alone.",
  ""
];
var codes = exitCodesHelp({
  done: "done",
  failed: "the host refused",
  wrong: "an option or a setting of the job is wrong"
});
var commentOptions = {
  subject,
  commit: flagOption("End with the commit of the pull request"),
  author
};
var comment = {
  summary: "Write a file as a comment on the pull request, or replace the former one",
  options: commentOptions,
  help: [
    "Usage: pulumi-dokploy ci comment <file> --subject TEXT [options]",
    ...about,
    "If the file does not exist, a former comment stays as it is.",
    "",
    ...optionsHelp(commentOptions),
    "",
    ...codes
  ].join("\n"),
  async run(args) {
    const { values, positionals } = parseArguments(commentOptions, args);
    const file = only(positionals, "ci comment");
    const host = hostOf(process.env, values.author);
    const isWritten = await keepComment(host, file, needed(values.subject, "subject"), {
      withCommit: values.commit
    });
    if (!isWritten) complain(`there is no ${visible(file)}, so the comment stays as it is`);
  }
};
var issueOptions = {
  subject,
  title: valueOption("TEXT", "Title of a new issue"),
  close: flagOption("Close the issue instead, if there is one"),
  author
};
var issue = {
  summary: "Open an issue with the text of a file, change it, or close it",
  options: issueOptions,
  help: [
    "Usage: pulumi-dokploy ci issue <file> --subject TEXT --title TEXT [options]",
    "       pulumi-dokploy ci issue --subject TEXT --close",
    ...about,
    ...optionsHelp(issueOptions),
    "",
    ...codes
  ].join("\n"),
  async run(args) {
    const { values, positionals } = parseArguments(issueOptions, args);
    const host = hostOf(process.env, values.author);
    const about2 = needed(values.subject, "subject");
    if (values.close) await closeIssue(host, about2);
    else await keepIssue(host, only(positionals, "ci issue"), about2, needed(values.title, "title"));
  }
};
var deploymentsOptions = {
  stage: valueOption("NAME", "Stage: `test` gives environments such as `test/api`")
};
var deployments = {
  summary: "Show the deployment of each service at the host, with its address and commit",
  options: deploymentsOptions,
  help: [
    "Usage: pulumi-dokploy ci deployments <file> --stage NAME",
    ...about,
    "The file has the output of `status --json`. Services that the checked-out commit did not deploy are left out.",
    "",
    ...optionsHelp(deploymentsOptions),
    "",
    ...codes
  ].join("\n"),
  async run(args) {
    const { values, positionals } = parseArguments(deploymentsOptions, args);
    const file = only(positionals, "ci deployments");
    const shown2 = await showDeployments(hostOf(process.env), file, needed(values.stage, "stage"));
    print([counted(shown2.length, "deployment"), ...shown2.map((name) => `  ${name}`)].join("\n"));
  }
};
var pullRequests = {
  summary: "Print the numbers of the open pull requests, for `preview-env sweep --open`",
  options: {},
  help: ["Usage: pulumi-dokploy ci pull-requests", ...about, ...optionsHelp({}), "", ...codes].join("\n"),
  async run(args) {
    parseOptions({}, args);
    print((await hostOf(process.env).openRequests()).join("\n"));
  }
};
var checkStacksOptions = { base: valueOption("COMMIT", "Commit to compare with, such as HEAD^1") };
var checkStacks = {
  summary: "Refuse changes of Pulumi.<stage>.yaml that can set variables of the job",
  options: checkStacksOptions,
  help: [
    "Usage: pulumi-dokploy ci check-stacks --base COMMIT",
    "",
    "With Pulumi Cloud, `environment` in the file of a stack overrides variables of the job. This command accepts only",
    "changes of the configuration and of the encryption. It needs no token.",
    "",
    ...optionsHelp(checkStacksOptions),
    "",
    ...exitCodesHelp({ done: "no file changes more", failed: "a file changes more" })
  ].join("\n"),
  async run(args) {
    const { base } = parseOptions(checkStacksOptions, args);
    const changed = changedStackFiles(needed(base, "base"));
    if (changed.length === 0) return;
    const reason = `${visible(JSON.stringify(changed))} changes more than the configuration of a stack, such as its environment, which can set variables of the jobs: make that change on main, and look at it there.`;
    complain(reason);
    annotate("Not planned: a change of a stack that can set variables of the jobs", [reason]);
    process.exitCode = exitCodes.failed;
  }
};
var log = valueOption("FILE", "File for the output of the command, which is printed too");
var runOptions = { log };
var run = {
  summary: "Run a command with the settings of an action, and pass on signals",
  options: runOptions,
  help: [
    "Usage: pulumi-dokploy ci run [--log FILE] -- command [arguments]",
    "",
    "The variable SETTINGS has the inputs of an action as JSON; the command gets them as DOKPLOY_URL, DOKPLOY_API_KEY,",
    "PULUMI_BACKEND_URL and so on. Without a key of AWS, Google or Azure, it gets the identity of the job instead.",
    "",
    "The command gets each signal, which a shell does not pass on. With --log it survives this process, which ends at SIGTERM",
    "after another signal; `ci wait` then waits for the end of the command.",
    "",
    ...optionsHelp(runOptions),
    "",
    `Exit codes: that of the command; ${exitCodes.signal} and the number of the signal if one ended it; ${exitCodes.unknownCommand} there is no such command; ${exitCodes.notStarted}`,
    `it cannot be started; ${exitCodes.failed} there is no identity; ${exitCodes.wrong} an option or a setting is wrong.`
  ].join("\n"),
  async run(args) {
    const at = args.indexOf("--");
    const words = at === -1 ? [] : args.slice(at + 1);
    const own = parseOptions(runOptions, at === -1 ? args : args.slice(0, at));
    if (words.length === 0) throw new UsageError("Give a command after --. See --help.");
    process.exitCode = await runInJob(words, process.env, own.log);
  }
};
var waitOptions = { log: valueOption("FILE", "File that `ci run` was given") };
var wait = {
  summary: "Wait for the command that a cancelled step has left",
  options: waitOptions,
  help: [
    "Usage: pulumi-dokploy ci wait --log FILE",
    "",
    "GitHub ends a cancelled step after 10 seconds, and gives the next ones 5 minutes. This command prints the rest of the",
    "log. After 4 minutes it interrupts the command once more, as a second Ctrl-C does, and the command ends without its",
    "deployments.",
    "",
    ...optionsHelp(waitOptions),
    "",
    ...exitCodesHelp({ done: "the command has ended" })
  ].join("\n"),
  async run(args) {
    const own = parseOptions(waitOptions, args);
    await waitForEnd(needed(own.log, "log"));
  }
};
var resultOptions = {
  stage: valueOption("NAME", "Stage that was deployed"),
  outcome: valueOption("WORD", "Outcome of the step that deployed: success, failure or cancelled")
};
var result = {
  summary: "Print how a deployment ended, in Markdown for the summary of the run",
  options: resultOptions,
  help: [
    "Usage: pulumi-dokploy ci result <log> --stage NAME --outcome WORD",
    "",
    "The log has the output of `pulumi up`. The errors come first, and the log is in a fold. It needs no token.",
    "",
    ...optionsHelp(resultOptions),
    "",
    ...exitCodesHelp({
      done: "done, also for a deployment that failed",
      wrong: "there is no such log, or an option is wrong"
    })
  ].join("\n"),
  async run(args) {
    const { values, positionals } = parseArguments(resultOptions, args);
    const file = only(positionals, "ci result");
    print(resultOf(file, needed(values.stage, "stage"), needed(values.outcome, "outcome")));
  }
};
var ciCommands = {
  summary: "Write comments, issues and deployments at GitHub or GitLab: `ci comment` …",
  commands: {
    "check-stacks": checkStacks,
    comment,
    deployments,
    issue,
    "pull-requests": pullRequests,
    result,
    run,
    wait
  }
};
function only(positionals, command) {
  const [file, ...more] = positionals;
  if (file !== void 0 && more.length === 0) return file;
  throw new UsageError(`${command} takes one file. See --help.`);
}
function needed(value, option) {
  if (value !== void 0 && value !== "") return value;
  throw new UsageError(`--${option} is missing. See --help.`);
}

// <stdin>
runCommand(ciCommands.commands, "pulumi-dokploy ci", process.argv.slice(2)).catch((error) => {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? exitCodes.wrong : exitCodes.failed;
});
