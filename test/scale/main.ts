/** `npm run scale -- --instances N`: as many instances, each pinged by its neighbour; a `kill -9` while they launch. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ask, clientOf, type Served, served, statusOf } from '../server/bench.ts'
import { cgroupsOf, memoryAvailable, memoryOf, namespacesOf, processesOf, tagOf } from './machine.ts'
import { allRunning, inPieces, instancesOf, launch, network, pingsNeighbor, type Started } from './instances.ts'

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '1000' },
    kill: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help) {
  console.log(`Many instances on this machine, which must be able to run the Linux engine.

  npm run scale                            1,000 instances: launch, each pings its neighbour, take down
  npm run scale -- --instances 200 --kill  kill -9 the server while 200 launch, start it again, count`)
  process.exit(0)
}

const count = Number(values.instances)
const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-scale-'))
const endings: (() => unknown)[] = []
const ending = { after: (work: unknown) => void endings.push(work as () => unknown) }
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
let problems = 0

/** Prints a line, with the seconds since the start; `ok` false counts as a problem. */
const began = performance.now()
function say(text: string, ok = true): void {
  if (!ok) problems++
  console.log(
    `${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s  ${ok ? '' : 'NOT AS IT SHOULD BE: '}${text}`,
  )
}

/** What the kernel's names of this state begin with. */
let tag = ''

async function launched(server: Served): Promise<Started> {
  const client = clientOf(server.endpoint)
  const made = await network(client)
  await ask({ stateDir }, 'GET', '/wait')
  tag = tagOf(made.vpcId)
  const before = memoryAvailable()
  const start = performance.now()
  await inPieces(count, 200, (some) => launch(client, made.subnetId, some))
  say(`RunInstances has answered for ${count} instances (${((performance.now() - start) / 1000).toFixed(1)} s)`)
  return { ...made, client, before, start }
}

async function ping(server: Served): Promise<void> {
  const all = await instancesOf(clientOf(server.endpoint))
  const start = performance.now()
  const silent: string[] = []
  const queue = all.map((one, index) => [one, all[(index + 1) % all.length] ?? one] as const)
  const worker = async () => {
    for (let pair = queue.shift(); pair; pair = queue.shift())
      if (!(await pingsNeighbor(stateDir, pair[0].id, pair[1].address))) silent.push(pair[0].id)
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  const seconds = (performance.now() - start) / 1000
  say(
    `${all.length - silent.length} of ${all.length} got an answer from their neighbour (${seconds.toFixed(1)} s)`,
    silent.length === 0,
  )
}

function report({ before, start }: Started, server: Served): void {
  const seconds = (performance.now() - start) / 1000
  say(`all ${count} are running: ${seconds.toFixed(1)} s, ${((seconds / count) * 1000).toFixed(1)} ms each`)
  const inside = processesOf(tag)
  const used = before - memoryAvailable()
  say(`memory: the machine has ${mebibytes(used)} less to give, ${mebibytes(used / count)} for each instance`)
  say(
    `        processes inside: ${inside.length}, ${mebibytes(memoryOf(inside))}; the server ${mebibytes(memoryOf([server.process.pid ?? 0]))}`,
  )
}

async function takeDown(server: Served): Promise<void> {
  const name = tag
  const start = performance.now()
  const { status, text } = await ask({ stateDir }, 'POST', '/stop', { body: { purge: true } })
  await server.ended
  say(`down: ${((performance.now() - start) / 1000).toFixed(1)} s`, status === 200)
  if (status !== 200) console.log(text)
  const left = [...namespacesOf(name), ...cgroupsOf(name), ...readdirSync(tmpdir()).filter((n) => stateDir.endsWith(n))]
  say(left.length === 0 ? 'nothing is left' : `left: ${left.join(' ')}`, left.length === 0)
}

/** Kills the server once some of them are up, and starts another. */
async function killed(server: Served): Promise<Served> {
  while (namespacesOf(tag).length < count / 3) await sleep(20)
  await server.killed()
  say(`kill -9, with ${namespacesOf(tag).length} namespaces there and ${processesOf(tag).length} processes in them`)
  const next = await served(ending, stateDir, { sim: false })
  say('another server answers')
  return next
}

try {
  let server = await served(ending, stateDir, { sim: false })
  const { engine } = (await statusOf(stateDir)) as { engine: { name: string; why: string[] } }
  if (engine.name !== 'linux') throw new Error(engine.why.join(' '))
  const started = await launched(server)
  if (values.kill) server = await killed(server)
  await allRunning(clientOf(server.endpoint), count)
  report(started, server)
  await ping(server)
  await takeDown(server)
} finally {
  for (const end of endings) await end()
  rmSync(stateDir, { recursive: true, force: true })
}
console.log(problems === 0 ? 'As it should be.' : `${problems} things are not as they should be.`)
process.exitCode = problems === 0 ? 0 : 1
