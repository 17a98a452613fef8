import { Mask, maskByPlace } from "./mask";

/** Lines of a text, without secrets. */
export interface MaskedLines {
  readonly text: string;
  /** Number of lines that they were: a secret of several lines becomes one. */
  readonly lines: number;
}

/** A text that arrives in pieces, from which secrets are removed that begin in one and end in another. */
export class MaskedPieces {
  /** Text that may have to be hidden together with what follows. */
  private held = "";
  /** Length of its beginning that was shown. */
  private shown = 0;
  private readonly secrets = new Set<string>();

  /** @param known the secrets that are known when a piece arrives; they stay hidden in all later ones */
  constructor(private readonly known: () => Iterable<string>) {}

  /** Adds a piece, and returns the lines that can be shown now: the last ones wait when a secret may begin in them. */
  add(piece: string): MaskedLines {
    this.held += piece;
    for (const secret of this.known()) this.secrets.add(secret);
    if (!piece.includes("\n")) return { text: "", lines: 0 };
    const mask = new Mask(this.secrets);
    const settled = mask.settled(this.held);
    const result = this.show(mask, settled, false);
    this.held = this.held.slice(settled);
    this.shown = Math.max(0, this.shown - settled);
    return result;
  }

  /** True when the end of the text shows enough of a secret to be hidden by {@link rest}. */
  isOpen(): boolean {
    return new Mask(this.secrets).cutOffAt(this.held) < this.held.length;
  }

  /** Returns the rest, of which the beginning of a secret is hidden too. Later pieces may still end that secret. */
  rest(): MaskedLines {
    return this.show(new Mask(this.secrets), this.held.length, true);
  }

  private show(mask: Mask, end: number, isCutOff: boolean): MaskedLines {
    if (end <= this.shown) return { text: "", lines: 0 };
    const text = maskByPlace(mask.hide(this.held.slice(0, end), isCutOff, this.shown));
    const lines = this.held.slice(this.shown, end).split("\n").length - 1;
    this.shown = end;
    return { text, lines };
  }
}
