/** `isthmus snapshot` as a person runs it, with a server and without one. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'

const launcher = resolve('bin/isthmus')
const folder = mkdtempSync(join(tmpdir(), 'isthmus-snapshot-'))
const state = join(folder, 'state')
const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))
const env = { ...Object.fromEntries(inherited), ISTHMUS_STATE: state }

function isthmus(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(launcher, args, { env }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

after(async () => {
  await isthmus('down', '--purge')
  rmSync(folder, { recursive: true, force: true })
})

test('each has help with examples', async () => {
  for (const command of ['save', 'restore', 'list', 'delete']) {
    const { code, stdout } = await isthmus('snapshot', command, '--help')
    assert.equal(code, 0)
    assert.match(stdout, new RegExp(`Examples:\\n  isthmus snapshot ${command}`))
  }
})

test('where there is no state, nothing is made', async () => {
  assert.match((await isthmus('snapshot', 'list')).stdout, /^Nothing is saved yet/)
  const saved = await isthmus('snapshot', 'save')
  assert.equal(saved.code, 1)
  assert.match(saved.stderr, /^There is no state in \S+: nothing was saved\.\n$/)
  const restored = await isthmus('snapshot', 'restore', 'one')
  assert.equal(restored.code, 1)
  assert.match(restored.stderr, /^There is no snapshot one\. None has been saved\.\n$/)
})

test('a running server saves, lists and goes back; without it the same; delete removes one', async () => {
  assert.equal((await isthmus('up', '-d', '--sim', '--port', '0')).code, 0)
  await isthmus('create', 'vpc', 'first', '10.1.0.0/16')
  assert.match(
    (await isthmus('snapshot', 'save', 'one')).stdout,
    /^Saved one: revision \d+, VPCs: 2, instances: 0, \d+ KiB/,
  )
  await isthmus('create', 'vpc', 'second', '10.2.0.0/16')
  const restored = await isthmus('snapshot', 'restore', 'one')
  const [, before = ''] = /is saved as (\S+-before-restore)\./.exec(restored.stdout) ?? []
  assert.notEqual(before, '')
  assert.equal((await isthmus('status', '--wait')).code, 0)
  assert.doesNotMatch((await isthmus('map')).stdout, /second-vpc/)
  assert.equal((await isthmus('snapshot', 'save', 'one')).code, 1)
  assert.equal((await isthmus('down')).code, 0)
  assert.equal((await isthmus('snapshot', 'restore', before)).code, 0)
  assert.equal((await isthmus('snapshot', 'delete', 'one')).code, 0)
  const listed = JSON.parse((await isthmus('snapshot', 'list', '-o', 'json')).stdout) as {
    name: string
    vpcs: number
  }[]
  assert.deepEqual(
    listed.map(({ vpcs }) => vpcs),
    [2, 3],
    'the newest first',
  )
  assert.match(
    (await isthmus('snapshot', 'list')).stdout,
    /^Name +Saved +Revision +VPCs +Instances +Size\n\S+-before-restore/,
  )
  assert.equal((await isthmus('up', '-d', '--sim', '--port', '0')).code, 0)
  assert.match((await isthmus('map')).stdout, /second-vpc/)
})

test('a damaged state ends `up` and `down` with a sentence and a code, and no stack', async () => {
  await isthmus('down')
  const db = new DatabaseSync(join(state, 'state.db'))
  db.exec("UPDATE record SET json = '{'")
  db.close()
  for (const command of [['up', '--sim'], ['up', '-d', '--sim'], ['down'], ['snapshot', 'save']]) {
    const { code, stderr } = await isthmus(...command)
    assert.equal(code, 1)
    assert.match(stderr, /^The state in \S+ is damaged \([^\n]+\)[^\n]+\.\n$/, command.join(' '))
  }
})
