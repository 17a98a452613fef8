/** The value of a variable on one side of a comparison. */
export type Value =
  | {
      readonly kind: "known";
      readonly text: string;
      /**
       * - `plain`: may be shown
       * - `secret`: never
       * - `job`: a secret from the environment of this process, so of one stage at most
       * - `server`: read from Dokploy, where nobody knows whether it is a secret
       */
      readonly origin: "plain" | "secret" | "job" | "server";
    }
  | { readonly kind: "unknown"; readonly why: string };

/** What has variables: a service, or what services share. */
export interface Holder {
  readonly name: string;
  /** Other names that it goes by on the other side. */
  readonly aliases: readonly string[];
  readonly variables: ReadonlyMap<string, Value>;
  /** Of the server's variables only these are the program's; the others count only if the other side has them. */
  readonly owned?: ReadonlySet<string>;
  /** The program leaves its variables alone, so it counts only if the other side has it. */
  readonly unmanaged?: boolean;
}

export interface Side {
  /** The operand as it was given. */
  readonly label: string;
  readonly holders: readonly Holder[];
  /** The operand names one thing, so its name need not fit. */
  readonly isSingle: boolean;
}

export interface Variable {
  readonly key: string;
  /** `missing`: only the first side has it; `extra`: only the second. */
  readonly status: Status;
  /** The values, as far as they may be shown. */
  readonly a: string | undefined;
  readonly b: string | undefined;
  /** Why `not-compared`. */
  readonly why: string | undefined;
}

export const statuses = ["different", "missing", "extra", "not-compared", "same"] as const;
export type Status = (typeof statuses)[number];

export interface ComparedHolder {
  readonly name: string;
  /** The sides that have it. */
  readonly sides: "both" | "a" | "b";
  /** By name. */
  readonly variables: readonly Variable[];
}

export interface Comparison {
  readonly a: string;
  readonly b: string;
  /** True when values were not looked at. */
  readonly keysOnly: boolean;
  /** By name. */
  readonly holders: readonly ComparedHolder[];
  readonly counts: Readonly<Record<Status, number>>;
}
