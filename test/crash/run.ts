/**
 * `run.ts KILLS SEED`: crashes of one state, on a machine of its own. Progress goes to the standard error; the last
 * line on the standard output is what was found, as JSON.
 */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { random as randomOf } from '../differential/random.ts'
import { ask, clientOf } from '../server/bench.ts'
import { footprint, settled } from '../server/machine.ts'
import { Planner } from './calls.ts'
import { checkStanding, type Checked } from './checks.ts'
import { clients, close, journal, make, unansweredWithToken, unwhole } from './clients.ts'
import { CRASHES, type Crash } from './crashes.ts'
import { type Facts, ledger } from './ledger.ts'
import { look } from './look.ts'
import { controlGroups, firstProcesses, mountControlGroups } from './machine.ts'
import { recordsIn } from './records.ts'
import { start, type Victim } from './server.ts'

const [kills, seed] = process.argv.slice(2).map(Number) as [number, number]
const random = randomOf(seed)
const CLIENTS = 6

mountControlGroups()
const before = footprint()
const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-crash-'))
const file = join(stateDir, 'state.db')
const began = performance.now()
const seconds = () => (performance.now() - began) / 1000
const told = ledger()
const written = journal(told)
const problems: string[] = []
const counts = { kills: 0, starts: 0, checks: 0, facts: 0 }
let planner: Planner | undefined
let longestWait = 0
const looked: Record<string, number> = {}

const say = (text: string): void => void process.stderr.write(`${seconds().toFixed(1).padStart(7)} s  ${text}\n`)

function started(): Victim {
  counts.starts++
  return start(stateDir)
}

async function answering(victim: Victim): Promise<string> {
  const endpoint = await victim.ready
  if (endpoint === undefined) throw new Error(`the server did not start:\n${victim.log()}`)
  return endpoint
}

/** What is seen once the network is in force, no instance is on its way, and nothing has followed by itself meanwhile. */
async function seenInForce(victim: Victim): Promise<Facts> {
  const start = performance.now()
  const ec2 = clientOf(await answering(victim))
  for (let before = await reached(victim); ; ) {
    const seen = await look(ec2)
    const now = await reached(victim)
    longestWait = Math.max(longestWait, performance.now() - start)
    if (now === before && (areUp(seen) || performance.now() - start > 60_000)) return seen
    before = now
  }
}

/** It takes the server a moment to see that a guest has gone, and to boot it again. */
function areUp(seen: Facts): boolean {
  const first = firstProcesses(tag)
  return [...seen.values()].every(({ key, value, owners }) => {
    return !key.startsWith('state ') || value !== 'up' || first.has(owners[0] ?? '')
  })
}

/** The revision that is in force. */
async function reached(victim: Victim): Promise<unknown> {
  const { status, text, body } = await ask({ stateDir }, 'GET', '/wait?timeout=60000')
  if (status !== 200) throw new Error(`not in force after a minute: ${text}\n${victim.log()}`)
  return body.revision
}

/** Clients at work, and a crash among it. */
async function crashed(victim: Victim, crash: Crash): Promise<void> {
  const ec2 = clientOf(await answering(victim))
  if (!planner) throw new Error('there is nothing to make calls on')
  const plans = planner
  let isOver = false
  const work = clients(CLIENTS, ec2, plans, written, () => isOver)
  const launch = async () => void (await make(ec2, plans.launch(), plans, written))
  counts.kills += await crash.carryOut({ victim, stateDir, tag, random, launch })
  isOver = true
  await work
}

/** A first server makes what AWS puts into a Region; what it has left is what calls begin with. */
async function begin(): Promise<void> {
  const victim = started()
  const ec2 = clientOf(await answering(victim))
  const { Images = [] } = await ec2.call('DescribeImages', { Owners: ['amazon'] })
  image = Images[0]?.ImageId ?? ''
  await check(victim)
}

let image = ''
let numbered = 0
/** Knows what the latest check has seen; call numbers go on. */
function newPlanner(): Planner {
  numbered += 10_000
  return new Planner(recordsIn(file).records, random, image, numbered)
}

let tag = ''

/** Servers that are killed while they start. */
async function startsCutShort(): Promise<void> {
  while (random.chance(0.35) && counts.kills < kills) {
    const victim = started()
    await delay(random.below(900))
    await victim.kill()
    counts.kills++
  }
}

/** The next server says what it has; then it is killed, and the kernel is read. */
async function check(victim: Victim): Promise<Checked> {
  const ec2 = clientOf(await answering(victim))
  for (const planned of unansweredWithToken(written))
    if (random.chance(0.5) && planner) {
      await make(ec2, planned, planner, written)
    }
  const seen = await seenInForce(victim)
  problems.push(...unwhole(written, seen), ...told.compare(seen), ...written.problems)
  close(written)
  counts.checks++
  counts.facts += seen.size
  await victim.kill()
  counts.kills++
  const checked = await checkStanding(stateDir)
  problems.push(...checked.problems)
  for (const [kind, count] of Object.entries(checked.counts)) looked[kind] = (looked[kind] ?? 0) + count
  planner = newPlanner()
  tag = recordsIn(file).meta.tag ?? ''
  return checked
}

async function round(): Promise<void> {
  const crash = random.weighted(CRASHES)
  const { acknowledged, unanswered } = written.counts
  let victim = started()
  await crashed(victim, crash)
  const made = `${written.counts.acknowledged - acknowledged} calls acknowledged, ${written.counts.unanswered - unanswered} unanswered`
  if (crash.ends) {
    await startsCutShort()
    victim = started()
  }
  const { namespaces, records } = await check(victim)
  say(`${counts.kills} of ${kills} kills. ${crash.name}: ${made}; ${records} records, ${namespaces} namespaces`)
}

/** Stops the last server as its owner would, and looks for what is left. */
async function end(): Promise<void> {
  const victim = started()
  await answering(victim)
  const { status, text } = await ask({ stateDir }, 'POST', '/stop', { body: { purge: true } })
  if (status !== 200) problems.push(`it could not be stopped: ${text}`)
  await victim.ended
  const after = await settled(footprint, before)
  for (const [what, lines] of Object.entries(after)) {
    const more = lines.filter((line) => !before[what]?.includes(line))
    if (more.length > 0) problems.push(`left on the machine: ${what} ${more.slice(0, 5).join(', ')}`)
  }
  const left = [...controlGroups(tag), ...readdirSync(tmpdir()).filter((name) => stateDir.endsWith(name))]
  if (left.length > 0) problems.push(`left on the machine: ${left.join(', ')}`)
}

try {
  await begin()
  while (counts.kills < kills && problems.length === 0) await round()
  if (problems.length === 0) await end()
} catch (error) {
  problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
}
if (problems.length > 0) {
  const kept = `${stateDir}-failed`
  cpSync(stateDir, kept, { recursive: true, filter: (path) => !path.includes('/guests') && !path.endsWith('.sock') })
  for (const problem of problems.slice(0, 30)) say(`NOT AS IT SHOULD BE: ${problem}`)
  say(`After ${counts.kills} kills, with --seed ${seed}. The state is in ${kept}.`)
}
rmSync(stateDir, { recursive: true, force: true })
const actions = Object.fromEntries([...written.actions].sort(([, a], [, b]) => b - a))
const took = Math.round(seconds())
const found = {
  ...counts,
  ...written.counts,
  seconds: took,
  longestWait: Math.round(longestWait),
  looked,
  actions,
  problems,
}
process.stdout.write(`${JSON.stringify(found)}\n`)
// What a failed run leaves goes with the machine.
process.exit(0)
