/** A control plane in memory for tests: calls commit at once, the clock is moved by hand. */
import assert from 'node:assert/strict'
import { insights } from '../../src/analyzer/insights/insights.ts'
import { compile } from '../../src/compile/compile.ts'
import { ApiError } from '../../src/ec2/errors.ts'
import { advance } from '../../src/ec2/lifecycle.ts'
import { actions } from '../../src/ec2/registry.ts'
import type { Caller, Context, Guests } from '../../src/ec2/resource.ts'
import { Draft, Records } from '../../src/ec2/state.ts'
import { prefix } from '../../src/ip/prefix.ts'
import type { Action, Input, Output } from '../../src/protocol/types.ts'

export const US: Caller = { account: '123456789012', region: 'us-east-1', requestId: 'r-1' }

/** What the instances' own systems do, as a test says it: every one is well, and silent, until told otherwise. */
export function fakeGuests() {
  const health = new Map<string, ReturnType<Guests['health']>>()
  const consoles = new Map<string, NonNullable<ReturnType<Guests['console']>>>()
  const guests: Guests = { console: (id) => consoles.get(id), health: (id) => health.get(id) ?? 'ok' }
  return { guests, health, consoles }
}

export function world() {
  const records = new Records()
  const clock = {
    now: Date.UTC(2026, 0, 1),
    advance: (ms: number) => {
      clock.now += ms
    },
  }
  const { guests, health, consoles } = fakeGuests()
  let ids = 0
  let numbers = 100

  function transaction<T>(caller: Caller, work: (context: Context) => T): T {
    const state = new Draft(records)
    advance(state, clock.now)
    const context: Context = {
      caller,
      state,
      now: clock.now,
      publicPool: prefix('198.18.0.0/22'),
      guests,
      analyst: insights(state, () => compile(state)),
      newId: (prefix) => `${prefix}-${(++ids).toString(16).padStart(17, '0')}`,
      newNumber: () => ++numbers,
    }
    const result = work(context)
    records.accept(state.changes())
    return result
  }

  /** Runs an action; a refused call leaves no trace. */
  function call<A extends Action>(action: A, input: Input<A>, caller = US): Output<A> {
    const handler = actions[action]
    if (!handler) throw new Error(`${action} is not built`)
    return transaction(caller, (context) => handler(input, context) as Output<A>)
  }

  return { records, clock, health, consoles, transaction, call }
}

/** Asserts that `work` is refused with an API error of this code, and words where given. */
export function refused(code: string, work: () => unknown, message?: string | RegExp): void {
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof ApiError, `expected ${code}, got ${error}`)
    assert.equal(error.code, code)
    if (typeof message === 'string') assert.equal(error.message, message)
    else if (message) assert.match(error.message, message)
    return true
  })
}
