import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Engine } from '../../src/engines/engine.ts'
import { DB, INTERNET_HOST, said, SILENT, simulated, WEB } from './bench.ts'

const script = (engine: Engine, text: string) => said(engine, 'sh', '-c', text)

describe('commands of a simulated instance', () => {
  test('ping takes names, which the resolver of the VPC knows', async () => {
    const engine = await simulated()
    for (const name of ['db.internal', 'db']) {
      const { code, out } = await said(engine, 'ping', '-c', '1', name)
      assert.equal(code, 0, out)
      assert.match(out, new RegExp(`^PING ${name} \\(${DB}\\) 56\\(84\\)`))
      assert.match(out, new RegExp(`--- ${name} ping statistics ---`))
    }
    const unknown = await said(engine, 'ping', '-c', '1', 'nobody.internal')
    assert.deepEqual([unknown.code, unknown.err], [2, 'ping: nobody.internal: Name or service not known\n'])
  })

  test('curl: nobody listens on an instance, a closed group is silent, the internet has web servers', async () => {
    const engine = await simulated()
    const refused = await said(engine, 'curl', `http://${DB}/`)
    assert.equal(refused.code, 7)
    assert.match(refused.err, /Failed to connect to 10\.1\.7\.20 port 80 .*Connection refused/)
    const silent = await said(engine, 'curl', '-m', '0.01', `http://${SILENT}/`)
    assert.equal(silent.code, 28)
    assert.match(silent.err, /Timeout was reached/)
    const unknown = await said(engine, 'curl', '-s', 'http://nobody/')
    assert.deepEqual([unknown.code, unknown.err], [6, ''])
    const outside = await said(engine, 'curl', '-m', '0.01', `http://${INTERNET_HOST}/`)
    assert.equal(outside.code, 28, 'no route leads there')
    const { out } = await outcomeAt(engine, 'internet', 'curl', '-s', `http://${INTERNET_HOST}/`)
    assert.match(out, /a host of the internet. Its answer is simulated/)
  })

  test('P5: curl asks the metadata service as itself, with a method and headers', async () => {
    const engine = await simulated()
    const { out } = await script(
      engine,
      'T=$(curl -sX PUT http://169.254.169.254/latest/api/token) && ' +
        'curl -s -H "X-Token: $T" "http://169.254.169.254/latest/meta-data/a?b=c"',
    )
    assert.equal(out, `vpc ${WEB} GET /latest/meta-data/a?b=c the token`)
    const missing = await said(engine, 'curl', '-sf', 'http://169.254.169.254/gone')
    assert.deepEqual([missing.code, missing.out], [22, ''])
    assert.match((await said(engine, 'curl', '-si', 'http://169.254.169.254/gone')).out, /^HTTP\/1\.1 404\r\n/)
    assert.equal((await said(engine, 'curl', '-m', '1', 'http://169.254.169.254:81/')).code, 28)
  })

  test('dig and getent ask the resolver', async () => {
    const engine = await simulated()
    assert.equal((await said(engine, 'dig', '+short', 'db.internal')).out, `${DB}\n`)
    assert.match(
      (await said(engine, 'dig', 'db.internal')).out,
      /status: NOERROR[\s\S]*db\.internal\.\t60\tIN\tA\t10\.1/,
    )
    assert.equal((await said(engine, 'dig', '+short', '-x', DB)).out, '')
    assert.match((await said(engine, 'getent', 'hosts', 'db')).out, /^10\.1\.7\.20 +db\n$/)
    assert.equal((await said(engine, 'getent', 'hosts', 'nobody')).code, 2)
  })

  test('ip shows the interface and its routes', async () => {
    const engine = await simulated()
    assert.match((await said(engine, 'ip', 'a')).out, /mtu 9001 [\s\S]*inet 10\.1\.7\.162\/20 scope global eth0\n$/)
    assert.match((await said(engine, 'ip', 'route')).out, /^default via 10\.1\.0\.1 dev eth0\n10\.1\.0\.0\/20 dev eth0/)
    const { code, err } = await said(engine, 'ip', 'link', 'set', 'eth0', 'down')
    assert.deepEqual([code, err], [255, 'ip: the simulated one shows only: ip addr, ip link, ip route\n'])
  })

  test('traceroute takes names and options', async () => {
    const { code, out } = await said(await simulated(), 'traceroute', '-n', '-m', '5', 'db')
    assert.equal(code, 0)
    assert.match(out, /^traceroute to db \(10\.1\.7\.20\), 5 hops max/)
  })

  test('a program that there is not is refused by name, and a node that is not there, too', async () => {
    const { host } = await simulated()
    assert.throws(() => host.spawn('web', ['python3']), /The simulator runs no programs; it knows ping, .*bash/)
    assert.throws(() => host.spawn('web', ['toString']), /runs no programs/)
    assert.throws(() => host.spawn('i-0', ['ping', WEB]), /i-0 is not running/)
  })
})

const outcomeAt = async (engine: Engine, node: string, ...command: string[]) => {
  let out = ''
  const running = engine.host.spawn(node, command)
  running.onOutput((_, data) => {
    out += Buffer.from(data).toString()
  })
  return { ...(await running.exit), out }
}
