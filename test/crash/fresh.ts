/** `fresh.ts STATE.DB`: a fresh engine realizes a state on a machine where nothing is; the last line is its reading. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linuxEngine } from '../../src/engines/linux/linux.ts'
import { prefix } from '../../src/ip/prefix.ts'
import { compile } from '../../src/compile/compile.ts'
import { hostAddressOf } from '../../src/server/public-pool.ts'
import { reading } from './reading.ts'
import { recordsIn } from './records.ts'

const { records, meta } = recordsIn(process.argv[2] ?? '')
const pool = prefix(meta['public-pool'] ?? '')
const tag = meta.tag ?? ''
const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-fresh-'))
const hostLink = { pool, hostAddress: hostAddressOf(pool) }
const engine = linuxEngine({ tag, stateDir, hostLink, driftEvery: 0 })
try {
  await engine.apply(compile(records), 1)
  process.stdout.write(`${JSON.stringify(await reading(tag))}\n`)
} finally {
  await engine.close()
  rmSync(stateDir, { recursive: true, force: true })
}
