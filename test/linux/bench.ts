/** An engine of one test, and what the tests ask of the machine. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LinuxEngine, type LinuxOptions, linuxEngine } from '../../src/engines/linux/linux.ts'

let count = 0

/** Runs `test` with an engine that looks for drift only when told to; takes it down whatever happens. */
export async function withEngine(
  test: (engine: LinuxEngine, options: LinuxOptions) => Promise<void>,
  more: Partial<LinuxOptions> = {},
): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-linux-'))
  const options = { tag: `istest${process.pid}n${++count}`, stateDir, driftEvery: 0, ...more }
  const engine = linuxEngine(options)
  try {
    await test(engine, options)
  } finally {
    await engine.close()
    rmSync(stateDir, { recursive: true, force: true })
  }
}

/** Runs a command in a node of the engine and answers its output and exit code. */
export async function inside(
  engine: LinuxEngine,
  node: string,
  ...command: string[]
): Promise<{ code: number | null; output: string }> {
  const running = engine.host.spawn(node, command)
  let output = ''
  running.onOutput((_, data) => {
    output += Buffer.from(data).toString()
  })
  running.write(null)
  return { code: (await running.exit).code, output }
}

/** One ping; whether it was answered. */
export const pings = async (engine: LinuxEngine, node: string, address: string): Promise<boolean> =>
  (await inside(engine, node, 'ping', '-c', '1', '-W', '1', address)).code === 0

/** Runs a command on the machine, in a namespace if one is named; throws where it fails. */
export const machine = (namespace: string | undefined, ...command: string[]): string => {
  const [name = '', ...args] =
    namespace === undefined ? command : ['nsenter', `--net=/run/netns/${namespace}`, '--', ...command]
  return execFileSync(name, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** All that a server could leave behind on the machine. */
export function footprint(tag: string): Record<string, string> {
  const read = (...command: string[]) => spawnSync(command[0] ?? '', command.slice(1), { encoding: 'utf8' }).stdout
  return {
    links: read('ip', '-o', 'link', 'show').replace(/qlen \d+/g, ''),
    routes: read('ip', 'route', 'show', 'table', 'all'),
    rules: read('ip', 'rule', 'show'),
    namespaces: read('ip', 'netns', 'list')
      .split('\n')
      .filter((line) => line.startsWith(tag))
      .join('\n'),
    rules4nft: read('nft', 'list', 'ruleset'),
    mounts: read('findmnt', '-rno', 'TARGET')
      .split('\n')
      .filter((line) => !line.startsWith('/run/netns/') || line.includes(tag))
      .join('\n'),
    sysctls: read(
      'sysctl',
      'net.ipv4.ip_forward',
      'net.ipv4.conf.all',
      'net.ipv4.neigh.default',
      'net.ipv4.ping_group_range',
    ),
    processes: read('ps', '-eo', 'args')
      .split('\n')
      .filter((line) => line.includes(tag))
      .join('\n'),
  }
}

/** What a command in a node printed, without the space around it. */
export const said = async (engine: LinuxEngine, node: string, command: readonly string[]): Promise<string> =>
  (await inside(engine, node, ...command)).output.trim()

/** Resolves when `holds` does; the test's own time limit ends a wait in vain. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}
