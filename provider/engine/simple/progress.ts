import { isRecord, type Values } from "../../../packages/values";
import type { PartsState } from "./parts-state";

/** Parts that are saved so far. */
export class Progress {
  isChanged = false;
  private readonly lists: Record<string, Record<string, unknown>>;
  private readonly ids: Record<string, Record<string, string>>;

  constructor({ lists, partIds }: PartsState) {
    this.lists = structuredClone(lists) as typeof this.lists;
    this.ids = structuredClone(partIds) as typeof this.ids;
  }

  idsOf(list: string): Readonly<Record<string, string>> {
    return { ...this.ids[list] };
  }

  /** Returns the inputs that the program gave before. */
  partOf(list: string, name: string): Values | undefined {
    const part = this.lists[list]?.[name];
    return isRecord(part) ? part : undefined;
  }

  made(list: string, name: string, id: string): void {
    this.ids[list] = { ...this.ids[list], [name]: id };
    this.isChanged = true;
  }

  put(list: string, name: string, id: string, part: Values, isSaved: boolean): void {
    this.ids[list] = { ...this.ids[list], [name]: id };
    this.lists[list] = { ...this.lists[list], [name]: part };
    this.isChanged ||= isSaved;
  }

  remove(list: string, name: string, isSaved = true): void {
    const { [name]: _id, ...ids } = this.ids[list] ?? {};
    const { [name]: _part, ...parts } = this.lists[list] ?? {};
    this.ids[list] = ids;
    this.lists[list] = parts;
    this.isChanged ||= isSaved;
  }

  state(): PartsState {
    return { lists: this.lists, partIds: this.ids };
  }
}
