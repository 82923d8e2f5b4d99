/** Commands at a real terminal: one that `script` (util-linux) makes. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { place } from '../server/login-bench.ts'

const main = resolve('src/cli/main.ts')
const noScript = spawnSync('script', ['--version']).status === 0 ? false : 'script (util-linux) is not installed'

/** A command of Isthmus's at a terminal of 100 columns; what is typed answers what is on the screen. */
function atTerminal(t: TestContext, stateDir: string, ...args: readonly string[]) {
  const words = [process.execPath, '--disable-warning=ExperimentalWarning', main, ...args].map((word) => `'${word}'`)
  // Behind it: the settings of the terminal as the command has left them.
  const line = `stty cols 100 rows 30; ${words.join(' ')}; code=$?; stty -a; exit $code`
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    env: { ...process.env, ISTHMUS_STATE: stateDir, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(() => void child.kill('SIGKILL'))
  let screen = ''
  const waiting: { text: string; from: number; resolve(): void }[] = []
  child.stdout.on('data', (data: Buffer) => {
    screen += data.toString()
    for (const { text, from, resolve: seen } of waiting) if (screen.slice(from).includes(text)) seen()
  })
  const ended = new Promise<number | null>((done) => child.on('close', done))
  /** Types, and resolves when the text has come after that. */
  const type = (keys: string, text: string): Promise<void> => {
    const from = screen.length
    return new Promise((seen) => {
      waiting.push({ text, from, resolve: seen })
      child.stdin.write(keys)
    })
  }
  return { type, ended, screen: () => screen, process: child }
}

/** The terminal is as it was: it echoes, edits lines and makes signals of keys. */
const restored = (screen: string): void => {
  for (const setting of ['echo', 'icanon', 'isig', 'icrnl', 'opost'])
    assert.match(screen, new RegExp(`(?<!-)\\b${setting}\\b`), setting)
}

describe('at a terminal', { skip: noScript }, () => {
  test('exec -it gives a shell that Ctrl-C does not end, and leaves the terminal as it was', async (t) => {
    const here = await place(t)
    const { id, privateIp } = await here.launch()
    const terminal = atTerminal(t, here.stateDir, 'exec', '-it', id, '--', 'bash')
    await terminal.type('', ']# ')
    await terminal.type(`ping ${privateIp}\r`, 'icmp_seq=1')
    await terminal.type('\x03', 'packets transmitted')
    await terminal.type('hostnamex\x7f\r', 'host-of-')
    terminal.process.stdin.write('exit 7\r')
    assert.equal(await terminal.ended, 7)
    restored(terminal.screen())
  })

  test('console shows what the instance wrote, logs in as ec2-user, and Ctrl-] leaves it', async (t) => {
    const here = await place(t)
    const { id } = await here.launch()
    const terminal = atTerminal(t, here.stateDir, 'console', id)
    await terminal.type('', ']$ ')
    assert.match(terminal.screen(), /Simulated instance host-of-i-0.*, boot 1\.[\s\S]*Ctrl-\] leaves it/)
    await terminal.type('whoami\r', 'ec2-user\r\n')
    terminal.process.stdin.write('\x1d')
    assert.equal(await terminal.ended, 0)
    assert.match(terminal.screen(), /^speed /m, 'what comes next begins a line')
    restored(terminal.screen())
  })

  test('connect gives a shell over SSH; exit ends it with its code', async (t) => {
    const here = await place(t)
    const { id, groupId } = await here.launch()
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '18.206.107.24/29' }] }]
    here.call('AuthorizeSecurityGroupIngress', { GroupId: groupId, IpPermissions })
    await here.settle()
    const terminal = atTerminal(t, here.stateDir, 'connect', id)
    await terminal.type('', ']$ ')
    terminal.process.stdin.write('exit 3\r')
    assert.equal(await terminal.ended, 3)
    restored(terminal.screen())
  })

  test('the terminal is given back when the server goes away, and when the command is ended from outside', async (t) => {
    const here = await place(t)
    const { id } = await here.launch()
    const gone = atTerminal(t, here.stateDir, 'exec', '-it', id, '--', 'sh')
    const ended = atTerminal(t, here.stateDir, 'exec', '-it', id, '--', 'sh')
    await Promise.all([gone.type('', ']# '), ended.type('', ']# ')])
    process.kill(childOf(childOf(ended.process.pid)), 'SIGTERM')
    assert.equal(await ended.ended, 128 + 15)
    restored(ended.screen())
    await here.end()
    assert.equal(await gone.ended, 1)
    assert.match(gone.screen(), /The server went away/)
    restored(gone.screen())
  })
})

/** The process that it has started. */
const childOf = (pid: number | undefined): number => Number(spawnSync('pgrep', ['-P', String(pid)]).stdout.toString())
