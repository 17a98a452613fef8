/** Returns the name of an image without registry, folders, tag and digest: `mysql` of `docker.io/library/mysql:8`. */
export function nameOfImage(image: string): string {
  return (image.slice(image.lastIndexOf("/") + 1).split(/[:@]/)[0] ?? "").toLowerCase();
}
