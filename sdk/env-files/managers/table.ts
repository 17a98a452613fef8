import { isRecord } from "../../../packages/values";

/** A call of a manager's tool, and the place of a value in what it prints. */
export interface Address {
  /** Arguments of the call. Values with the same arguments come from one call. */
  readonly args: readonly string[];
  /** Name of the value in the output: `password`, or a path `db.password`. */
  readonly item: string;
}

/** A secrets manager, which is read through its own command-line tool. */
export interface Manager {
  readonly title: string;
  /** Name of the tool on the PATH. */
  readonly command: string;
  /** The way in which a value is written, for messages. */
  readonly usage: string;
  /** Advice for people whose login is missing. */
  readonly login: string;
  /**
   * Returns the whole reference; undefined when the text has another form.
   *
   * @param key the name of the variable, where the text leaves out the last name; undefined where it must not
   */
  reference(text: string, key: string | undefined): string | undefined;
  /** Variables of the process that have its login. */
  readonly logins: readonly string[];
  /** True for a reference that leads to no file outside the folder of the file of variables. */
  staysIn(reference: string): boolean;
  /** @param locate returns the absolute path of a file that is given relative to the file of variables */
  address(reference: string, locate: (file: string) => string): Address;
  /**
   * Finds a value in the output of the tool.
   *
   * @returns undefined when there is none
   * @throws SyntaxError when the output is not JSON, and should be
   */
  read(output: string, item: string): unknown;
}

/** The managers by their tags, without the exclamation mark. */
export const managers = {
  op: {
    title: "1Password",
    logins: ["OP_SERVICE_ACCOUNT_TOKEN", "OP_CONNECT_TOKEN"],
    staysIn: () => true,
    command: "op",
    usage: "!op op://VAULT/ITEM/FIELD",
    login: "run `op signin`, or in CI set OP_SERVICE_ACCOUNT_TOKEN",
    reference: (text) =>
      /^op:\/\/[\w. -]+(?:\/[\w. -]+){2,3}(?:\?(?:attribute|attr|ssh-format)=[\w-]+)?$/.test(text)
        ? text
        : undefined,
    address: (reference) => ({ args: ["read", "--no-newline", reference], item: reference }),
    read: (output) => output,
  },
  vault: {
    title: "Vault",
    logins: ["VAULT_TOKEN"],
    staysIn: () => true,
    command: "vault",
    usage: "!vault MOUNT/PATH#FIELD",
    login: "run `vault login`, or in CI set VAULT_ADDR and VAULT_TOKEN",
    reference: (text, key) => named(text, "#", key, /^\w[\w.-]*(?:\/[\w. @:+-]+)+#[\w.-]+$/),
    address: (reference) => {
      const [path, item] = splitLast(reference, "#");
      return { args: ["kv", "get", "-format=json", path], item };
    },
    read: (output, item) => {
      const data = own(JSON.parse(output), "data");
      // Version 2 has the fields one level deeper, next to their metadata.
      const isVersioned = isRecord(data) && isRecord(data["metadata"]) && isRecord(data["data"]);
      return own(isVersioned ? data["data"] : data, item);
    },
  },
  doppler: {
    title: "Doppler",
    logins: ["DOPPLER_TOKEN"],
    staysIn: () => true,
    command: "doppler",
    usage: "!doppler PROJECT/CONFIG/NAME",
    login: "run `doppler login`, or in CI set DOPPLER_TOKEN",
    reference: (text, key) => named(text, "/", key, /^(?:\w[\w-]*\/\w[\w-]*\/)?[A-Za-z_]\w*$/),
    address: (reference) => {
      const [project, config, item] = reference.split("/");
      // It would write values to a file in the home folder, and read old ones from there.
      const args = ["secrets", "download", "--no-file", "--no-fallback", "--format=json"];
      if (config === undefined) return { args, item: reference };
      return { args: [...args, `--project=${project}`, `--config=${config}`], item: item ?? "" };
    },
    read: (output, item) => own(JSON.parse(output), item),
  },
  infisical: {
    title: "Infisical",
    logins: ["INFISICAL_TOKEN"],
    staysIn: () => true,
    command: "infisical",
    usage: "!infisical ENVIRONMENT/FOLDER/NAME",
    login: "run `infisical login`, or in CI set INFISICAL_TOKEN and INFISICAL_PROJECT_ID",
    reference: (text, key) => named(text, "/", key, /^\w[\w-]*\/(?:[\w-]+\/)*\w[\w.-]*$/),
    address: (reference) => {
      const [folder, item] = splitLast(reference, "/");
      const [environment, ...path] = folder.split("/");
      const project = process.env["INFISICAL_PROJECT_ID"] ?? "";
      const args = [
        ...["export", "--silent", "--format=json", `--env=${environment}`, `--path=/${path.join("/")}`],
        // Values that a person has overridden for themselves are not those of the team.
        "--secret-overriding=false",
        ...(project === "" ? [] : [`--projectId=${project}`]),
      ];
      return { args, item };
    },
    read: (output, item) => {
      const secrets: unknown = JSON.parse(output);
      if (!Array.isArray(secrets)) return undefined;
      return own(
        secrets.find((secret) => own(secret, "key") === item),
        "value",
      );
    },
  },
  sops: {
    title: "SOPS",
    logins: ["SOPS_AGE_KEY", "SOPS_AGE_KEY_FILE"],
    staysIn: (reference) => !splitLast(reference, "#")[0].split("/").includes(".."),
    command: "sops",
    usage: "!sops FILE#PATH.TO.VALUE",
    login: "give it the key: SOPS_AGE_KEY, SOPS_AGE_KEY_FILE, or a login to the key service",
    reference: (text, key) => named(text, "#", key, /^[\w.][\w./ @+-]*#[\w.-]+$/),
    address: (reference, locate) => {
      const [file, item] = splitLast(reference, "#");
      return { args: ["decrypt", "--output-type", "json", locate(file)], item };
    },
    read: (output, item) => {
      const root: unknown = JSON.parse(output);
      const whole = own(root, item);
      return whole === undefined ? item.split(".").reduce(own, root) : whole;
    },
  },
} as const satisfies Readonly<Record<string, Manager>>;

export type ManagerName = keyof typeof managers;

/** Returns the name of the manager of a tag such as `!op`; undefined for other tags. */
export function managerOf(tag: string): ManagerName | undefined {
  return (Object.keys(managers) as ManagerName[]).find((name) => tag === `!${name}`);
}

/** Longer texts are no references. */
const maxLength = 500;

/** Completes a reference whose last name is left out, and checks its form. */
function named(text: string, separator: string, key: string | undefined, form: RegExp): string | undefined {
  const lacksField = separator === "#" && text !== "" && !text.includes("#");
  const start = lacksField ? text + separator : text;
  const whole = start === "" || start.endsWith(separator) ? start + (key ?? "") : start;
  return whole.length <= maxLength && form.test(whole) ? whole : undefined;
}

/** Splits a text at the last separator. */
function splitLast(text: string, separator: string): [before: string, after: string] {
  const at = text.lastIndexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}

function own(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? (value[Number(name)] as unknown) : undefined;
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
