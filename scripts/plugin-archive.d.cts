/** Makes the plugin's archive in a folder, and returns its path. `root` is a built checkout; default: this one. */
export function makeArchive(folder: string, root?: string): Promise<string>;
