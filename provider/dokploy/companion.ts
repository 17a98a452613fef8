import { keyedHash } from "../../packages/values";
import type { Api } from "./endpoints";

/**
 * Application that exists only to run the release command of another application once. Dokploy can run a command only in
 * a container that already runs, so a release in a new image needs a service of its own.
 */
export interface Companion {
  /** Id of the application whose command it runs. */
  readonly of: string;
  /** Text that its signatures are for, together with that id. */
  readonly subject: string;
  /** True when that text is its own id: this application, and no other, was signed. */
  readonly isOwn: boolean;
}

const TEXT =
  /^Runs the release command of the application ([\w-]+) once\. Pulumi created it and removes it \(([\w-]+)((?: [\w+/]{22})+)\)\.$/;

/**
 * Recognises companions by their description, which Dokploy stores with their creation. A state gets the id of a companion too
 * late: Pulumi writes nothing while an update runs, and a killed run has left a companion by then.
 *
 * Anybody who may create or edit an application may write any description, and anybody who sees one may copy it. So the
 * description has signatures, which nobody can make without one of two keys. One is a random word in the state of the service;
 * the other is the API key of the run, since a first run has no word in its state yet. A signature is for one of these:
 *
 * - The own id of the application (`isOwn`): a run with the key made it. Dokploy chooses ids, and never changes one, so a copy
 *   in another application proves nothing. Only such an application is awaited, believed, left out of lists or deleted.
 * - Any other text: a run was killed after the creation, when it did not yet know the id. Or the description is a copy. Such an
 *   application is deleted only while it has nothing: neither an image nor variables, parts or deployments. So nothing is lost.
 *
 * Without a valid signature, an application is like any other. The command and the image of a companion are read from its row,
 * never from its description. Anybody who may edit a companion could make it succeed; in Dokploy, this needs a permission for
 * all services, which also allows to change the service itself.
 *
 * @example
 * const companions = new Companions(api, olds.outputs.releaseWord);
 * companions.read(row)?.of; // the id of the service, for its companion
 */
export class Companions {
  /** Each makes a signature of 132 bits. */
  readonly #sign: readonly ((...texts: readonly string[]) => string)[];

  /** @param word word in the state of the service; undefined where no state has one */
  constructor(api: Pick<Api, "sign">, word?: string) {
    const { sign } = api;
    const all = [
      ...(word === undefined ? [] : [(...texts: readonly string[]) => keyedHash(word, ...PURPOSE, texts)]),
      ...(sign === undefined ? [] : [(...texts: readonly string[]) => sign.call(api, ...PURPOSE, texts)]),
    ];
    this.#sign = all.map(
      (signed) =>
        (...texts) =>
          signed(...texts).slice(0, 22),
    );
  }

  /**
   * Returns the description of a companion.
   *
   * @param subject its id; a random text while it has none
   */
  text(of: string, subject: string): string {
    const signatures = this.#sign.map((sign) => sign(of, subject));
    return (
      `Runs the release command of the application ${of} once. Pulumi created it and removes it ` +
      `(${[subject, ...signatures].join(" ")}).`
    );
  }

  /** Reads the row of an application; undefined for every application without a valid signature. */
  read(row: Readonly<Record<string, unknown>>): Companion | undefined {
    const { applicationId, description } = row;
    const [, of, subject, signatures = ""] = TEXT.exec(String(description ?? "")) ?? [];
    if (of === undefined || subject === undefined) return undefined;
    const given = signatures.split(" ");
    if (!this.#sign.some((sign) => given.includes(sign(of, subject)))) return undefined;
    return { of, subject, isOwn: subject === applicationId };
  }
}

const PURPOSE = ["release companion"] as const;
