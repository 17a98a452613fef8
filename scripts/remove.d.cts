/** Removes a folder with all that is in it, also where a process that has just been killed still writes a file. */
export declare function removeFolder(folder: string): void;
