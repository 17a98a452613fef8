import { randomInt } from "node:crypto";
import { UsageError } from "../../../terminal";
import type { Piece } from "./evaluate";

/** A service that is made from a template. */
export interface TemplateService {
  /** Name of the service. */
  readonly name: string;
  /** Name of the template's folder. */
  readonly id: string;
  /** Host of its first domain in production; undefined where none is known. */
  readonly host: string | undefined;
}

/** Host names of the service in each stage. */
export class Hosts {
  private readonly labels = new Map<Piece, string>();
  private readonly ports: { readonly piece: Piece; readonly stage: string; readonly port: number }[] = [];

  /**
   * @param service the host of its first domain in production is the main one
   * @param stages stages, with production as the last one
   */
  constructor(
    private readonly service: TemplateService,
    private readonly stages: readonly string[],
  ) {}

  /**
   * Returns the host of a piece; the first piece that is asked for has the main one.
   *
   * @throws UsageError where no host is known
   */
  of(piece: Piece, stage: string): string {
    const { name, id, host: main } = this.service;
    if (main === undefined)
      throw new UsageError(
        `--template ${id}: it has a host, so give --domain acme.dev, or its own: ${name}=${id},host=${name}.acme.dev.`,
      );
    const label = this.labelOf(piece);
    const [first = "", ...rest] = main.split(".");
    const host = [label === "" ? first : `${label}-${first}`.slice(0, 63), ...rest].join(".");
    return stage === this.stages.at(-1) ? host : `${stage}.${host}`;
  }

  /** Returns the port of a piece, which differs in each stage, since stages may share a server. */
  portOf(piece: Piece, stage: string): number {
    const known = this.ports.find((one) => one.piece === piece && one.stage === stage);
    if (known !== undefined) return known.port;
    let port = randomPort();
    while (this.ports.some((other) => other.port === port)) port = randomPort();
    this.ports.push({ piece, stage, port });
    return port;
  }

  private labelOf(piece: Piece): string {
    // A host that belongs to no variable is new in each place; all of them are meant to be one.
    const known = piece.variable === "" ? this.labels.values().next().value : this.labels.get(piece);
    if (known !== undefined) return known;
    const label = this.labels.size === 0 ? "" : this.newLabel(piece.variable);
    this.labels.set(piece, label);
    return label;
  }

  private newLabel(variable: string): string {
    const words = variable.toLowerCase().split(/[^a-z0-9]+/);
    const own = words.filter((word) => !["", "main", "domain", "host", "url"].includes(word)).join("-");
    const taken = new Set(this.labels.values());
    const short = own.slice(0, 30) || "also";
    let label = short;
    for (let number = 2; taken.has(label); number++) label = `${short}-${number}`;
    return label;
  }
}

/** Returns a port above those of known services, and below those that systems give to connections. */
function randomPort(): number {
  return randomInt(20_000, 32_000);
}
