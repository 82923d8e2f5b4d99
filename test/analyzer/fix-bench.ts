/** What the tests of fixes are written in: a network by EC2 calls, a question, and the fixes as commands by name. */
import assert from 'node:assert/strict'
import { type Bench, bench, CALLER } from '../../scenarios/bench.ts'
import { type Builder, builder, type Instance } from '../../scenarios/builder.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import type { Answer } from '../../src/analyzer/answer.ts'
import { explain } from '../../src/analyzer/explain.ts'
import { commandOf, type Fix, type FixOptions, fixesOf, makeCalls, whyNotFixed } from '../../src/analyzer/fix.ts'
import type { End, Question, Traffic } from '../../src/analyzer/question.ts'
import { type Ip, ip } from '../../src/ip/address.ts'
import { ICMP, TCP } from '../../src/network/match.ts'

export const ping: Traffic = { protocol: ICMP }
export const tcp = (port: number): Traffic => ({ protocol: TCP, destinationPorts: { from: port, to: port } })
export const HOST = ip('203.0.113.10')

/** Names for ids, so that an expectation can be read. */
export type Names = Readonly<Record<string, string>>

export interface FixBench extends Builder {
  readonly bench: Bench
  ask(from: End | Instance | Ip, to: End | Instance | Ip, traffic: Traffic, more?: Partial<Question>): Promise<Asked>
}

export interface Asked {
  readonly question: Question
  readonly answer: Answer
  fixes(options?: FixOptions): Fix[]
  why(): string[]
  /** The commands of each fix, ids replaced by names. */
  commands(names: Names, options?: FixOptions): string[][]
  /** Makes the calls of a fix for real; then all that was asked must be answered. */
  apply(fix: Fix): Promise<void>
  /** The same with the usual fix, which there must be. */
  applyFirst(): Promise<void>
}

/** A rule for all traffic. */
export const OPEN = ['all 0.0.0.0/0']

/** The usual fix, which there must be. */
export function firstOf([fix]: readonly Fix[]): Fix {
  assert.ok(fix, 'a fix is found')
  return fix
}

export async function withBench(play: (b: FixBench) => Promise<void>): Promise<void> {
  const stage = bench(() => simulator())
  try {
    await play({ ...builder(stage), bench: stage, ask: (...args) => ask(stage, ...args) })
  } finally {
    await stage.close()
  }
}

const endOf = (end: End | Instance | Ip): End => {
  if (typeof end === 'string') return { kind: 'address', address: end }
  return 'kind' in end ? end : { kind: 'instance', id: end.id }
}

async function ask(
  stage: Bench,
  from: End | Instance | Ip,
  to: End | Instance | Ip,
  traffic: Traffic,
  more: Partial<Question> = {},
): Promise<Asked> {
  await stage.catchUp()
  const { state } = stage.plane
  const question: Question = { from: endOf(from), to: endOf(to), traffic, ...more }
  const answer = explain(state, stage.plane.network(), question)
  const fixes = (options: FixOptions = {}) => fixesOf(state, question, answer, options)
  async function apply({ calls }: Fix): Promise<void> {
    await makeCalls(calls, ({ action, input, caller }) =>
      stage.call(action as 'CreateVpc', input as never, { ...caller, requestId: 'fix' }),
    )
    await stage.catchUp()
    const after = explain(stage.plane.state, stage.plane.network(), question)
    assert.equal(after.verdict, 'reachable')
  }
  return {
    question,
    answer,
    fixes,
    apply,
    applyFirst: () => apply(firstOf(fixes())),
    why: () => whyNotFixed(state, question, answer),
    commands: (names, options) =>
      fixes(options).map(({ calls }) => calls.map((call) => named(commandOf(call, CALLER), names))),
  }
}

function named(command: string, names: Names): string {
  return Object.entries(names).reduce((text, [name, id]) => text.replaceAll(id, name), command)
}
