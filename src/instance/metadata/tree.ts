/** The metadata as a tree of names: finding what a path leads to, and how a directory prints. */

/** A text, a directory, or a directory that can be asked but does not say what is in it. */
export type Entry = string | Directory | Lookup
/** Name → entry. What is undefined is not there. A directory named `0=key` is found as `0`. */
export interface Directory {
  readonly [name: string]: Entry | undefined
}
export type Lookup = (name: string) => string | undefined

/** The text at a path, or the listing of a directory. A slash too many, anywhere, changes nothing. */
export function textAt(root: Directory, path: string): string | undefined {
  let entry: Entry | undefined = root
  for (const name of path.split('/')) {
    if (name === '') continue
    entry = within(entry, decoded(name))
    if (entry === undefined) return undefined
  }
  return typeof entry === 'string' ? entry : listing(entry)
}

function within(entry: Entry, name: string): Entry | undefined {
  if (typeof entry === 'string') return undefined
  if (typeof entry === 'function') return entry(name)
  if (Object.hasOwn(entry, name)) return entry[name]
  return Object.entries(entry).find(([key, value]) => isNumbered(key, value) && key.startsWith(`${name}=`))?.[1]
}

/** One name a line, directories with a slash behind. */
function listing(directory: Directory | Lookup): string {
  return Object.entries(directory)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (typeof value === 'string' || isNumbered(name, value) ? name : `${name}/`))
    .join('\n')
}

const isNumbered = (name: string, value: Entry | undefined): boolean => typeof value === 'object' && /^\d+=/.test(name)

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
