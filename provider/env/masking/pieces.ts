import { Mask, maskByPlace, maskSecrets } from "./mask";

/** A text that arrives in pieces, from which secrets are removed that begin in one and end in another. */
export class MaskedPieces {
  /** Text that may have to be hidden together with what follows. */
  private held = "";
  private readonly secrets = new Set<string>();

  /** @param known the secrets that are known when a piece arrives; they stay hidden in all later ones */
  constructor(private readonly known: () => Iterable<string>) {}

  /** Adds a piece, and returns the lines that can be shown now. */
  add(piece: string): string {
    this.held += piece;
    for (const secret of this.known()) this.secrets.add(secret);
    if (!piece.includes("\n")) return "";
    const length = new Mask(this.secrets).settled(this.held);
    const lines = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return maskSecrets(lines, this.secrets);
  }

  /** Returns the rest, of which the beginning of a secret is hidden too. */
  end(): string {
    const rest = this.held;
    this.held = "";
    return maskByPlace(new Mask(this.secrets).hide(rest, true));
  }
}
