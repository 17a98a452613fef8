/**
 * Application that exists only to run the release command of another application once. Dokploy can run a command only in
 * a container that already runs, so a release in a new image needs a service of its own. It is recognised by its
 * description, which Dokploy stores with its creation.
 */
export interface Companion {
  /** Id of the application whose command it runs. */
  readonly of: string;
  /** Fingerprint of the image and the command. */
  readonly fingerprint: string;
}

const TEXT =
  /^Runs the release command of the application ([\w-]+) once \(([\da-f]+)\)\. Pulumi created it and removes it\.$/;

/** Form of a companion's row in Dokploy. */
export const companions = {
  /** Returns the description of a companion. */
  text: ({ of, fingerprint }: Companion): string =>
    `Runs the release command of the application ${of} once (${fingerprint}). Pulumi created it and removes it.`,

  /** Reads a row of an application; undefined for every application that somebody wants. */
  read(row: Readonly<Record<string, unknown>>): Companion | undefined {
    const [, of, fingerprint] = TEXT.exec(String(row["description"] ?? "")) ?? [];
    return of === undefined || fingerprint === undefined ? undefined : { of, fingerprint };
  },
};
