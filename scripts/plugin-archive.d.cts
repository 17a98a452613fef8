/** Makes the plugin's archive in a folder, and returns its path. `root` is a built checkout; default: this one. */
export function makeArchive(folder: string, root?: string): Promise<string>;
/** Copies it to the names under which Pulumi downloads that of a platform, and returns their paths by platform. */
export function forPlatforms(archive: string): Record<string, string>;
