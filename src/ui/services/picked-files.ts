/** A file with its path below the folder that was picked or dropped (`Photo/a.jpg`). */
export interface PickedFile {
  readonly path: string;
  readonly file: File;
}

/**
 * What was picked or dropped: the files, an archive as the file that it is, at their paths below the folder; where several things were picked, below
 * each one's own name. `handles` are those of all of them, where the browser gives them (they let Tamis read the files again later).
 */
export interface PickedFolder {
  readonly name: string;
  readonly files: readonly PickedFile[];
  readonly handles: readonly FileSystemHandle[];
}
