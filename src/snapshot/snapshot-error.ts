/** What is wrong with a snapshot: one sentence that names the file and the place in it. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
}
