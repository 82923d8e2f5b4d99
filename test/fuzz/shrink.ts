/** Leaves out what a failure does not need. */

/** The shortest list found for which `stillFails` holds as it does for all of them; halves first, then single items. */
export async function without<T>(
  items: readonly T[],
  stillFails: (left: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  if (items.length === 0 || (await stillFails([]))) return []
  let left = items
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const shorter = left.toSpliced(at, size)
      if (await stillFails(shorter)) left = shorter
      else at += size
    }
  }
  return left
}
