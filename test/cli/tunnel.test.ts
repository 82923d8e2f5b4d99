/** OpenSSH's client through `isthmus tunnel`. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { place } from '../server/login-bench.ts'

const main = resolve('src/cli/main.ts')
const noSsh = spawnSync('ssh', ['-V']).status === 0 ? false : 'ssh is not installed'

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const run = (file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  new Promise((done) => {
    const child = execFile(file, args, { env }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
    child.stdin?.end()
  })

test('ssh logs in through a tunnel, with a pushed key, and ends with the code of its command', {
  skip: noSsh,
}, async (t) => {
  const here = await place(t)
  const { id, groupId } = await here.launch()
  const env = { ...process.env, ISTHMUS_STATE: here.stateDir }
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-ssh-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const key = join(folder, 'key')
  assert.equal(spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]).status, 0)
  const proxy = `'${process.execPath}' --disable-warning=ExperimentalWarning '${main}' tunnel %h --port %p`
  const settings = {
    ProxyCommand: proxy,
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    BatchMode: 'yes',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  const ssh = (...command: string[]) =>
    run('ssh', ['-F', 'none', '-i', key, ...options, `ec2-user@${id}`, ...command], env)

  const silent = await ssh('hostname')
  assert.equal(silent.code, 255)
  assert.match(silent.stderr, /does not answer at .* port 22: routes, network ACLs and security groups/)

  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '203.0.113.10/32' }] }]
  here.call('AuthorizeSecurityGroupIngress', { GroupId: groupId, IpPermissions })
  await here.settle()
  assert.match((await ssh('hostname')).stderr, /Permission denied \(publickey\)/)

  here.push(id, 'ec2-user', readFileSync(`${key}.pub`, 'utf8'))
  const { code, stdout } = await ssh('hostname; exit 5')
  assert.equal(code, 5)
  assert.match(stdout, /^host-of-/)

  // D28d
  here.pass(61_000)
  assert.match((await ssh('hostname')).stderr, /Permission denied \(publickey\)/)
})
