/** A user without privilege on this machine, for tests that root runs: `nobody`, with subordinate ids of the test's. */
import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingForRootless, thisMachine } from '../../src/engines/linux/rootless/missing.ts'

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const ID = 65_534
/** Nobody else's: a process with one of these is the test's. */
const FIRST = 1_400_000_000
const COUNT = 65_536

/** Files are seen so by the user alone: in a mount namespace of the command's own. */
const AS_NOBODY = `
set -e
for file in subuid subgid; do mount -n --bind "$HOME/$file" /etc/$file; done
mount -n --bind "$CHECKOUT" "$HOME/checkout"
exec setpriv --reuid=${ID} --regid=${ID} --clear-groups --inh-caps=-all --bounding-set=-sys_boot -- "$@"
`

export interface Unprivileged {
  /** The folder of his state. */
  readonly stateDir: string
  /** Runs a command of Isthmus's; answers all it said, and its exit code. */
  isthmus(...words: string[]): Promise<{ code: number; said: string }>
  /** Numbers of processes that belong to his subordinate ids or are about his state. */
  processes(): string[]
  /** Removes all there is of him. */
  remove(): void
}

/** Why there can be no such user here; false where there can. */
export function noUnprivileged(): string | false {
  if (process.getuid?.() !== 0) return 'only root can become somebody else'
  if (!existsSync('/etc/subuid') || !existsSync('/etc/subgid')) return 'there is no /etc/subuid (package uidmap)'
  const ids = `nobody:${FIRST}:${COUNT}\n`
  const machine = { ...thisMachine(), user: { name: 'nobody', uid: ID, gid: ID } }
  const read = (path: string) => (path.startsWith('/etc/sub') ? ids : machine.read(path))
  return missingForRootless({ ...machine, read }).join(' ') || refused()
}

function refused(): string | false {
  const words = [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    '--',
    'unshare',
    '--user',
    '--net',
    '--mount',
    'true',
  ]
  const { status, stderr } = spawnSync('setpriv', words, { encoding: 'utf8' })
  return status === 0 ? false : `this machine refuses namespaces to users: ${stderr.trim()}`
}

export function unprivileged(): Unprivileged {
  const home = mkdtempSync(join(tmpdir(), 'isthmus-nobody-'))
  chmodSync(home, 0o755)
  mkdirSync(join(home, 'checkout'))
  for (const file of ['subuid', 'subgid']) writeFileSync(join(home, file), `nobody:${FIRST}:${COUNT}\n`)
  const stateDir = join(home, 'state')
  mkdirSync(stateDir, { mode: 0o700 })
  chownSync(stateDir, ID, ID)
  const node = process.execPath.replace(CHECKOUT, join(home, 'checkout'))
  const program = [node, '--disable-warning=ExperimentalWarning', join(home, 'checkout/src/cli/main.ts')]
  // No folders of the system's own programs, as users have it on Debian.
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, CHECKOUT, ISTHMUS_STATE: stateDir }
  return {
    stateDir,
    isthmus: (...words) =>
      new Promise((resolve) => {
        const args = ['--mount', '--', 'sh', '-c', AS_NOBODY, 'sh', ...program, ...words]
        execFile('unshare', args, { env, cwd: '/' }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, said: `${stdout}${stderr}` }),
        )
      }),
    processes: () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isHis(pid, stateDir)),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

function isHis(pid: string, stateDir: string): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1])
    const isZombie = /^State:\s+Z/m.test(status)
    const isSubordinate = uid >= FIRST && uid < FIRST + COUNT
    return !isZombie && (isSubordinate || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(stateDir))
  } catch {
    return false
  }
}
