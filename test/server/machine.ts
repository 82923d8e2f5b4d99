/** A machine of the test's own, and all that a server could leave behind on one. */
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'

/** A fresh network, process table, /sys and /run: nothing there is touched by anybody else. */
const SETUP = `
while umount --lazy /run/netns 2>/dev/null; do :; done
mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /run && ip link set lo up && exec "$@"
`
const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']

/** Runs a program on a machine of its own, and answers the JSON on its last line of output. */
export const alone = (program: string, ...args: readonly string[]): Promise<unknown> => watched(program, args, () => {})

/** The same, and hands on what the program says of its progress, on its standard error. */
export async function watched(
  program: string,
  args: readonly string[],
  onProgress: (text: string) => void,
): Promise<unknown> {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', program, ...args]
  const child = spawn('unshare', [...NAMESPACES, '--', 'sh', '-c', SETUP, 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString()
    onProgress(data.toString())
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  const line = out.trim().split('\n').at(-1) ?? ''
  if (code !== 0 || !line.startsWith('{')) throw new Error(`${program} ended with ${code}:\n${out}${err}`)
  return JSON.parse(line)
}

const read = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 24 })

/** Of the machine this runs on. Left out: counters (see `isVolatile`), the test's own processes, kernel threads. */
export function footprint(): Record<string, string[]> {
  const lines = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .sort()
  return {
    links: (JSON.parse(read('ip', '-d', '-j', 'link')) as object[]).map((link) => JSON.stringify(link)).sort(),
    addresses: (JSON.parse(read('ip', '-j', 'addr')) as object[]).map((a) => JSON.stringify(a)).sort(),
    rules: lines(read('ip', 'rule')),
    routes: lines(read('ip', 'route', 'show', 'table', 'all')),
    namespaces: lines(read('ip', 'netns', 'list')),
    nft: lines(read('nft', 'list', 'ruleset')),
    mounts: lines(read('findmnt', '-rn', '-o', 'TARGET,SOURCE,FSTYPE,OPTIONS')),
    processes: processes(),
    sysctls: sysctls(),
  }
}

/**
 * What `look` sees once it equals `before`, or sees last when it does not for 5 s: the kernel takes processes and
 * namespaces away some time after the call that ends them has returned, and later on a busy machine.
 */
export async function settled<T>(look: () => T, before: T): Promise<T> {
  const deadline = Date.now() + 5000
  for (;;) {
    const seen = look()
    if (isDeepStrictEqual(seen, before) || Date.now() > deadline) return seen
    await delay(100)
  }
}

/** The settings of the network: `net.*`. */
export const sysctls = (): string[] =>
  read('sysctl', '-a', '--pattern', '^net\\.')
    .split('\n')
    .filter((line) => line !== '' && !isVolatile(line))
    .sort()

/** Counts and random values; what a link has goes with it; conntrack's appear when the kernel loads it, once. */
const isVolatile = (line: string): boolean =>
  /_count = |\.tcp_fastopen_key|\.(conf|neigh)\.(?!all\.|default\.|lo\.)[^.]+\.|^net\.(netfilter\.)?nf_conntrack/.test(
    line,
  )

/** Command lines of all processes but this one and those that have none (kernel threads, zombies). */
function processes(): string[] {
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
  return others.flatMap((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || []
    } catch {
      return []
    }
  })
}
