import type { Timers } from "../../deploy";

/** A look that waits for its time, or is under way. */
interface Look {
  /** Time at which it begins. */
  due: number;
  /** Latest time to which others may postpone it. */
  readonly latest: number;
  isUnderWay: boolean;
  readonly answer: Promise<unknown>;
}

/**
 * Looks at places where resources of this run have saved, a while after their saves. One look serves all resources that
 * wait for one at the same place: each would see the same.
 */
export class LastLooks {
  private readonly looks = new Map<string, Look>();

  /**
   * Looks at a place, not before the given time.
   *
   * @param place `application/<id>`
   * @param within time in milliseconds by which the look may be later, so that it serves others too
   * @param read reads the place; all callers for one place read the same
   */
  look<T>(
    place: string,
    { due, within, timers }: { due: number; within: number; timers: Timers },
    read: () => Promise<T>,
  ): Promise<T> {
    const other = this.looks.get(place);
    const isServed = other && (other.isUnderWay ? other.due >= due : other.latest >= due);
    if (isServed) {
      if (!other.isUnderWay) other.due = Math.max(other.due, due);
      return other.answer as Promise<T>;
    }
    const now = timers.now();
    const look: Look = {
      due: Math.max(due, now),
      latest: Math.max(due, now) + within,
      isUnderWay: false,
      answer: Promise.resolve().then(async () => {
        for (let ms = look.due - timers.now(); ms > 0; ms = look.due - timers.now())
          await new Promise<void>((resolve) => void timers.after(ms, resolve));
        look.due = timers.now();
        look.isUnderWay = true;
        try {
          return await read();
        } finally {
          if (this.looks.get(place) === look) this.looks.delete(place);
        }
      }),
    };
    this.looks.set(place, look);
    return look.answer as Promise<T>;
  }
}
