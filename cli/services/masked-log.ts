import { MaskedPieces, plainText } from "../../provider/env";
import { type LogLine, LogLines } from "./log-lines";

/** Line to print, with its time where that is known. */
export interface ShownLine {
  readonly time: string;
  readonly text: string;
}

/**
 * The log of a container as people may see it. A secret may be in several lines that two looks divide, such as base64 of 76
 * characters each: the last lines wait for the next look when one may begin in them.
 */
export class MaskedLog {
  private readonly log = new LogLines();
  private readonly masked: MaskedPieces;
  private times: string[] = [];

  /** @param secrets all that are known when lines are shown */
  constructor(secrets: () => Iterable<string>) {
    this.masked = new MaskedPieces(secrets);
  }

  /** Reads a part of the log, and returns the lines that no earlier part had. */
  read(part: string): LogLine[] {
    return this.log.fresh(part);
  }

  /** Returns the lines that can be shown now; without new ones, those that have waited. */
  show(fresh: readonly LogLine[]): ShownLine[] {
    if (fresh.length === 0) return this.timed(this.masked.rest());
    this.times.push(...fresh.map(({ at }) => at));
    const settled = this.timed(this.masked.add(fresh.map(({ text }) => `${plainText(text)}\n`).join("")));
    // Nearly every line ends with a letter with which a secret begins. One letter shows nothing, and the rest stays hidden.
    return this.masked.isOpen() ? settled : [...settled, ...this.timed(this.masked.rest())];
  }

  private timed({ text, lines }: ReturnType<MaskedPieces["rest"]>): ShownLine[] {
    const times = this.times.splice(0, lines);
    if (lines === 0) return [];
    const texts = text.replace(/\n$/, "").split("\n");
    return texts.map((line, at) => ({
      time: texts.length === lines ? (times[at] ?? "") : "",
      text: line,
    }));
  }
}
