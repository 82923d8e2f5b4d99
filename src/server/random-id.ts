/** Ids as EC2 makes them: a prefix and 17 hex digits. */
import { randomFillSync } from 'node:crypto'

/** Of 8 bytes each. They are asked of the system many at once: one by one they were a quarter of a CreateVpc. */
const pool = Buffer.alloc(4096)
let used = pool.length

export function randomId(prefix: string): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += 8
  return `${prefix}-0${pool.toString('hex', used - 8, used)}`
}
