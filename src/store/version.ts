/** The version of the schema that a file has. */
import type { DatabaseSync } from 'node:sqlite'

/** 0: nothing has been made in it. */
export const versionOf = (db: DatabaseSync): number =>
  (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
