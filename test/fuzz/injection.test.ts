/** Whatever texts a client gives to what it names, on a real kernel they stay data. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { noKernel } from '../kernel.ts'
import { alone } from '../server/machine.ts'
import { HOSTILE_TEXTS, MARK } from './hostile.ts'

interface Seen {
  /** What was made → how many of the texts were taken for it; the others EC2 refuses. */
  readonly taken: Readonly<Record<string, number>>
  readonly codes: readonly string[]
  readonly ids: readonly string[]
  readonly namespaces: readonly string[]
  /** Per namespace, as JSON. */
  readonly rules: readonly string[]
  readonly links: readonly string[]
  /** What each guest says of its own names and files. */
  readonly guests: readonly string[]
  /** Folders in which the file is that one of the texts would have made as a command. */
  readonly marks: readonly string[]
  /** All file names below the state's folder. */
  readonly files: readonly string[]
  readonly log: string
  readonly exit: number
}

/** Those that are found nowhere by chance. */
const telling = HOSTILE_TEXTS.filter((text) => text.length >= 8 && !/^(undefined|__proto__|constructor)$/.test(text))

describe('hostile names in a kernel', { skip: noKernel, timeout: 180_000 }, () => {
  let seen: Seen
  before(async () => {
    seen = (await alone(fileURLToPath(new URL('hostile-on-linux.ts', import.meta.url)))) as Seen
  })

  test('most of them are taken, as EC2 takes them, and the network with them is in force', () => {
    const { taken, ids, namespaces, codes } = seen
    for (const what of ['tags', 'interface', 'rule', 'group', 'key', 'prefix list', 'instance', 'options'])
      assert.ok((taken[what] ?? 0) >= 10, `${what}: ${taken[what]}`)
    assert.ok(ids.length >= 10 && namespaces.length > ids.length)
    assert.deepEqual(
      codes.filter((code) => !/^(Invalid|TagLimit)/.test(code)),
      [],
    )
  })

  test('no text ran as a command', () => assert.deepEqual(seen.marks, []))

  test('nftables and links hold none of them, and no table that Isthmus did not make', () => {
    const kernel = [...seen.rules, ...seen.links].join('\n')
    assert.ok(kernel.includes('"comment"'))
    assert.deepEqual(
      telling.filter((text) => kernel.includes(JSON.stringify(text).slice(1, -1))),
      [],
    )
    const tables = seen.rules.flatMap((json) => [...json.matchAll(/"table": ?\{[^}]*"name": ?"([^"]*)"/g)])
    assert.ok(tables.length > 0)
    for (const [, name] of tables) assert.match(name ?? '', /^isthmus/)
  })

  test('names of namespaces and files are made of ids alone', () => {
    for (const name of seen.namespaces) assert.match(name, /^isthmus-[0-9a-f]{6}-(internet|[a-z]+-[0-9a-f]+)$/)
    for (const name of seen.files) assert.match(name, /^[A-Za-z0-9._-]+$/)
    assert.ok(!seen.files.includes(MARK))
  })

  test('a guest has a host name that is one, and no line of its files is from them', () => {
    for (const said of seen.guests) {
      assert.doesNotMatch(said, /[^\n -~]/)
      assert.ok(!said.includes(MARK) && !said.includes('forged'), said)
    }
  })

  test('the log has no line that a client wrote', () => {
    assert.doesNotMatch(seen.log, /[^\n -~]|forged|Request 0/)
    assert.equal(seen.exit, 0)
  })
})
