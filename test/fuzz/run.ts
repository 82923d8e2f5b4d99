/** Plays episodes of calls, each on a fresh server, checks every answer, and makes what fails small. */
import { without } from './shrink.ts'
import { type Call, describeCall } from './call.ts'
import { episode } from './generate.ts'
import { broken, outcomeOf } from './invariants.ts'
import { pool, type Pool } from './pool.ts'
import { target } from './target.ts'
import type { Target } from './wire.ts'

export interface FuzzOptions {
  readonly calls: number
  readonly seed: number
  /** Calls of one episode. */
  readonly each?: number
  /** The server of an episode; one within this process, unless told otherwise. */
  readonly start?: () => Promise<Target>
  /** Told after each episode how many calls are done. */
  readonly progress?: (done: number) => void
}

export interface Report {
  readonly calls: number
  /** `200`, or an error's code → how many. */
  readonly outcomes: ReadonlyMap<string, number>
  /** Actions that were answered 200 at least once. */
  readonly carriedOut: ReadonlySet<string>
  /** Actions that changed what packets meet at least once. */
  readonly felt: ReadonlySet<string>
  readonly slowest: { readonly ms: number; readonly call: string }
  /** What did not hold, the smallest sequence found for it, and how to repeat it. */
  readonly failures: readonly string[]
}

/** Further failures are looked for, as one fault may hide others; so many are enough. */
const ENOUGH = 25

/** A failing call: where it stood, what did not hold, and the calls as they were with what they named. */
interface Failure {
  readonly at: number
  readonly what: string
  readonly calls: readonly Numbered[]
}
interface Numbered {
  readonly number: number
  readonly call: Call
}

type Start = () => Promise<Target>

interface Tally {
  calls: number
  readonly outcomes: Map<string, number>
  readonly carriedOut: Set<string>
  readonly felt: Set<string>
  slowest: { ms: number; call: string }
}

export async function runFuzz({ calls, seed, each = 500, start = target, progress }: FuzzOptions): Promise<Report> {
  const tally: Tally = {
    calls: 0,
    outcomes: new Map(),
    carriedOut: new Set(),
    felt: new Set(),
    slowest: { ms: 0, call: '' },
  }
  const failures = new Map<string, string>()
  for (let n = 0; tally.calls < calls && failures.size < ENOUGH; n++) {
    const length = Math.min(each, calls - tally.calls)
    const all = episode(seed + n, length).map((call, number) => ({ number, call }))
    await playAll(start, all, tally, async (failure) => {
      const kind = kindOf(failure)
      if (failures.has(kind)) return
      failures.set(kind, '')
      failures.set(kind, await told(start, failure, seed + n, length))
    })
    progress?.(tally.calls)
  }
  return { ...tally, failures: [...failures.values()] }
}

/** One fault met twice is told once: the same action, the same words but for ids and numbers. */
const kindOf = ({ what, calls }: Failure): string =>
  `${what.startsWith(NO_NETWORK) ? '' : calls.at(-1)?.call.action} ${what
    .replace(/[0-9a-f-]{8,}|\d+/g, '')
    .split('\n')
    .slice(0, 3)
    .join('')}`

const NO_NETWORK = 'the state makes no network'

/** Plays an episode to its end, going on after a failure. */
async function playAll(
  start: Start,
  all: readonly Numbered[],
  tally: Tally,
  onFailure: (failure: Failure) => Promise<void>,
): Promise<void> {
  const server = await start()
  const seen = pool()
  const pinned: Numbered[] = []
  try {
    for (const numbered of all) {
      pinned.push({ ...numbered, call: seen.pinned(numbered.call) })
      const what = await playOne(server, seen, numbered, tally)
      if (what !== undefined) await onFailure({ at: numbered.number, what, calls: [...pinned] })
    }
  } finally {
    await server.close()
  }
}

/** How many calls lie between two looks at the network they make. */
const REALIZED = 50

/** Sends one; what does not hold. */
async function playOne(
  server: Target,
  seen: Pool,
  { number, call }: Numbered,
  tally?: Tally,
): Promise<string | undefined> {
  server.pass(call.wait)
  server.hasNetworkChanged()
  const before = server.revision
  const started = performance.now()
  const reply = await server.send(call, (value) => seen.resolve(value, call.caller)).catch((error: Error) => error)
  const ms = performance.now() - started
  if (reply instanceof Error) return `not answered: ${reply.message}`
  // What a refusal names may be nothing.
  if (reply.status === 200) seen.learn(number, call.caller, reply.body)
  if (tally) count(tally, call, outcomeOf(reply), ms)
  const after = server.revision
  const [logged, networkChanged] = [server.logged(), server.hasNetworkChanged()]
  if (networkChanged) tally?.felt.add(call.action)
  const what = broken({ call, reply, before, after, logged, networkChanged })
  if (what !== undefined || (number + 1) % REALIZED !== 0) return what
  return server.realize().then(
    () => undefined,
    (error: Error) => `${NO_NETWORK}: ${error.stack}`,
  )
}

function count(tally: Tally, call: Call, outcome: string, ms: number): void {
  tally.calls += 1
  tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1)
  if (outcome === '200') tally.carriedOut.add(call.action)
  if (ms > tally.slowest.ms) tally.slowest = { ms, call: describeCall(call) }
}

/** Plays some of the calls on a fresh server; what does not hold at the last one. */
async function replay(start: Start, calls: readonly Numbered[]): Promise<string | undefined> {
  const server = await start()
  const seen = pool()
  try {
    let last: string | undefined
    for (const numbered of calls) last = await playOne(server, seen, numbered)
    return last
  } finally {
    await server.close()
  }
}

/** The failure for people: the smallest sequence that still fails so, and how to repeat the whole. */
async function told(start: Start, failure: Failure, seed: number, length: number): Promise<string> {
  const kind = kindOf(failure)
  const last = failure.calls.at(-1) as Numbered
  const failsSo = async (calls: readonly Numbered[]): Promise<boolean> => {
    const what = await replay(start, [...calls, last])
    return what !== undefined && kindOf({ ...failure, what }) === kind
  }
  const before = failure.calls.slice(0, -1)
  const few = (await failsSo(before)) ? await without(before, failsSo) : undefined
  const lines = [...(few ?? []), last].map(({ number, call }) => `  ${number}: ${describeCall(call)}`)
  const again = `npm run fuzz -- --seed ${seed} --calls ${length} (call ${failure.at})`
  const note = few ? '' : '\n  (it does not fail when it is played again from the beginning)'
  return [printable(failure.what), ...lines, `  again: ${again}${note}`].join('\n')
}

/** What a terminal shows, and does not obey. */
const printable = (text: string): string =>
  text.replace(/[^\t\n -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
