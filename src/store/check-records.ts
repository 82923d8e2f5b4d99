/** Whether the records in a file are as they were written, and of kinds that there are. */
import type { DatabaseSync } from 'node:sqlite'
import { checksum } from './checksum.ts'
import { damaged } from './store.ts'
import { versionOf } from './version.ts'

/** Whether there is such a kind of records. */
export type Knows = (type: string) => boolean

/** From this version on, records have a checksum. */
const WITH_CHECKSUMS = 2

/** Throws StoreError, which names the first one that is not. */
export function checkRecords(db: DatabaseSync, file: string, knows: Knows): void {
  const hasChecksums = versionOf(db) >= WITH_CHECKSUMS
  const rows = db.prepare(`SELECT type, id, json${hasChecksums ? ', crc' : ''} FROM record`).iterate()
  for (const row of rows as Iterable<{ type: string; id: string; json: string; crc?: number }>) {
    const { type, id, json, crc } = row
    if (!knows(type)) throw damaged(file, `the record ${id} is of an unknown kind, ${type}`)
    if (crc === undefined ? !isRecord(json, id) : crc !== checksum(json))
      throw damaged(file, `the record ${id} of the kind ${type} is not as it was written`)
  }
}

/** JSON of an object with this id. */
function isRecord(json: string, id: string): boolean {
  try {
    return (JSON.parse(json) as { id?: unknown } | null)?.id === id
  } catch {
    return false
  }
}
