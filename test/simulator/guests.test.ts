import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import ssh2 from 'ssh2'
import { DialError } from '../../src/engines/engine.ts'
import { ip } from '../../src/ip/address.ts'
import { DB, GUEST, SILENT, simulated, WEB } from './bench.ts'

const consoleOf = (engine: Awaited<ReturnType<typeof simulated>>, node: string): string =>
  Buffer.from(engine.host.console(node)?.output ?? []).toString()

test('a guest is up at once; its console says what it is, and remembers earlier boots', async () => {
  const engine = await simulated()
  assert.equal(engine.host.guests().get('web')?.boot, 1)
  assert.match(consoleOf(engine, 'web'), /^Simulated instance ip-10-1-7-162, boot 1\.\n.*packets are simulated/s)
  await engine.host.boot('web', GUEST)
  assert.doesNotMatch(consoleOf(engine, 'web'), /boot 1\.[\s\S]*boot 1\./)
  await engine.host.boot('web', { ...GUEST, boot: 2 })
  assert.match(consoleOf(engine, 'web'), /boot 1\.[\s\S]*boot 2\./)
  await engine.host.halt('web')
  assert.deepEqual([...engine.host.guests()], [])
  assert.match(consoleOf(engine, 'web'), /boot 2/)
  await engine.host.keepDisks(new Set())
  assert.equal(engine.host.console('web'), undefined)
})

test('only sshd listens on a guest: silence is a timeout, and any other port refuses', async () => {
  const { host } = await simulated()
  const dial = (to: string, port: number) => host.dial('db', ip(DB), ip(to), port, 1000)
  const why = (expected: string) => (error: unknown) => error instanceof DialError && error.why === expected
  await assert.rejects(dial(SILENT, 22), why('timeout'))
  await assert.rejects(dial(WEB, 80), why('refused'))
  const db = host.dial('web', ip(WEB), ip(DB), 22, 1000)
  await assert.rejects(db, why('refused'), 'db has not booted')
  const connection = await dial(WEB, 22)
  const [banner] = await new Promise<Buffer[]>((resolve) => connection.once('data', (data) => resolve([data])))
  assert.match(String(banner), /^SSH-2\.0-/)
  connection.destroy()
})

test('sshd lets nobody in without a key of the metadata service', async () => {
  const { host } = await simulated()
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  for (const credentials of [{ privateKey }, { password: 'ec2-user' }]) {
    const sock = (await host.dial('db', ip(DB), ip(WEB), 22, 1000)) as NonNullable<ssh2.ConnectConfig['sock']>
    const client = new ssh2.Client()
    const error = await new Promise<Error & { level?: string }>((resolve, reject) => {
      client.on('error', resolve).on('ready', () => reject(new Error('it was let in')))
      client.connect({ sock, username: 'ec2-user', ...credentials })
    })
    assert.equal(error.level, 'client-authentication')
  }
})
