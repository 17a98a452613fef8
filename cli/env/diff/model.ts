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
  | {
      readonly kind: "unknown";
      readonly why: string;
      /** Service of the same stage whose address it is. */
      readonly addressOf?: string;
    };

/** An object with variables: a service, or the project or environment whose services share them. */
export interface Host {
  readonly name: string;
  /** Other names that the other side may use for it. */
  readonly aliases: readonly string[];
  readonly variables: ReadonlyMap<string, Value>;
  /** Names of the server's variables that the program manages. The others count only if the other side has them. */
  readonly owned?: ReadonlySet<string>;
  /** True when the program does not manage its variables, so that it counts only if the other side has it. */
  readonly unmanaged?: boolean;
}

/** One side of a comparison, with its services. */
export interface Side {
  /** The operand as it was given. */
  readonly label: string;
  readonly hosts: readonly Host[];
  /** True when the operand names a single object, whose name need not match. */
  readonly isSingle: boolean;
}

/** A variable that was compared. */
export interface Variable {
  readonly key: string;
  /** `missing`: only the first side has it; `extra`: only the second. */
  readonly status: Status;
  /** The values, where they may be shown. */
  readonly a: string | undefined;
  readonly b: string | undefined;
  /** Reason for `not-compared`. */
  readonly why: string | undefined;
  /** Rule of the contract for a variable that one side lacks. */
  readonly contract?: { readonly required: boolean; readonly description?: string | undefined } | undefined;
}

/** Result for one variable. */
export type Status = "different" | "missing" | "extra" | "not-compared" | "same";

/** A service that was compared, with its variables. */
export interface ComparedHost {
  readonly name: string;
  /** The sides that have it. */
  readonly sides: "both" | "a" | "b";
  /** Sorted by name. */
  readonly variables: readonly Variable[];
}

/** Result of a comparison. */
export interface Comparison {
  readonly a: string;
  readonly b: string;
  /** True when values were not compared. */
  readonly keysOnly: boolean;
  /** Sorted by name. */
  readonly hosts: readonly ComparedHost[];
  readonly counts: Readonly<Record<Status, number>>;
}
