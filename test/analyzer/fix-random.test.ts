/** Fixes on random networks: each is made for real, and then the simulator answers; or there is none, and a reason. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IpPermission } from '@aws-sdk/client-ec2'
import { type Bench, bench, CALLER } from '../../scenarios/bench.ts'
import { questionOf } from '../../scenarios/explained.ts'
import { explain } from '../../src/analyzer/explain.ts'
import { type Fix, fixesOf, makeCalls, whyNotFixed } from '../../src/analyzer/fix.ts'
import { QuestionError } from '../../src/analyzer/question-error.ts'
import { allKinds } from '../../src/ec2/kinds.ts'
import { activeBlocks } from '../../src/ec2/vpc.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import type { Ip } from '../../src/ip/address.ts'
import { answered, type Flow } from '../../src/network/flow.ts'
import { ICMP } from '../../src/network/match.ts'
import { build, flowOf } from '../differential/build.ts'
import { type Plan, randomPlan } from '../differential/plan.ts'
import { random } from '../differential/random.ts'

const NETWORKS = Number(process.env.ISTHMUS_FIX_NETWORKS ?? 25)
const FLOWS = 12
const SEED = Number(process.env.ISTHMUS_FIX_SEED ?? 20_261)

test(`on ${NETWORKS} random networks a fix lets the packet through, or a sentence says why there is none`, async (t) => {
  const rng = random(SEED)
  const fates: Fate[] = []
  for (let n = 0; n < NETWORKS; n++) fates.push(...(await fatesOf(randomPlan(rng, FLOWS))))
  const of = <K extends Fate['kind']>(kind: K) => fates.filter((f): f is Extract<Fate, { kind: K }> => f.kind === kind)
  const fixed = of('fixed')
  const silent = fates.length - of('answered').length
  const made = fixed.reduce((sum, { fixes }) => sum + fixes, 0)
  t.diagnostic(
    `${fates.length} flows, ${silent} unanswered: ${fixed.length} mended by ${made} fixes, each made for real`,
  )
  const reasons = Map.groupBy(
    of('none').flatMap(({ why }) => why.map(shape)),
    (why) => why,
  )
  for (const [why, { length }] of reasons) t.diagnostic(`${length} without a fix: ${why}`)
  assert.ok(fixed.length > silent / 4, 'many flows are mended')
})

type Fate =
  | { readonly kind: 'answered' | 'refused' }
  | { readonly kind: 'fixed'; readonly fixes: number }
  | { readonly kind: 'none'; readonly why: readonly string[] }

/** A sentence without its ids and addresses. */
const shape = (why: string): string => why.replace(/[a-z]+-[0-9a-f]{17}/g, 'ID').replace(/\d+\.\d+\.\d+\.\d+/g, 'IP')

async function fatesOf(plan: Plan): Promise<Fate[]> {
  const stage = bench(() => simulator())
  const fates: Fate[] = []
  try {
    const built = await build(stage, plan)
    for (const [i, planned] of plan.flows.entries()) {
      const sent = flowOf(built, planned, i)
      if (sent) fates.push(await fateOf(stage, sent))
    }
    return fates
  } finally {
    await stage.close()
  }
}

async function fateOf(stage: Bench, { flow, from }: { flow: Flow; from: string }): Promise<Fate> {
  if (answered(await stage.probe(flow, from))) return { kind: 'answered' }
  const question = questionOf(flow, from)
  const { state } = stage.plane
  try {
    const answer = explain(state, stage.plane.network(), question)
    assert.notEqual(answer.verdict, 'reachable', JSON.stringify(question))
    const fixes = [...fixesOf(state, question, answer), ...fixesOf(state, question, answer, { narrow: true })]
    if (fixes.length === 0) {
      const why = whyNotFixed(state, question, answer)
      assert.ok(why.length > 0, 'a reason is given')
      return { kind: 'none', why }
    }
    for (const fix of fixes) await check(stage, fix, { flow, from })
    return { kind: 'fixed', fixes: fixes.length }
  } catch (error) {
    if (error instanceof QuestionError) return { kind: 'refused' }
    throw error
  }
}

/** The calls in a server of its own, whose engine then answers; and no rule is wider than what was asked about. */
async function check(stage: Bench, fix: Fix, { flow, from }: { flow: Flow; from: string }): Promise<void> {
  assertNarrow(stage, fix)
  const other = bench(() => simulator())
  try {
    copy(stage, other)
    await makeCalls(fix.calls, ({ action, input, caller }) =>
      other.call(action as 'CreateVpc', input as never, { ...caller, requestId: 'fix' }),
    )
    const trace = await other.probe(flow, from)
    assert.ok(answered(trace), `${JSON.stringify(fix.calls)} does not let ${JSON.stringify(flow)} pass`)
    await assertTold(stage, other, fix, flow)
  } finally {
    await other.close()
  }
}

/** Every ping between two instances that passes with the fix only was asked for, or told; and the other way around. */
async function assertTold(before: Bench, after: Bench, fix: Fix, asked: Flow): Promise<void> {
  const hosts = [...(await after.catchUp()).interfaces.values()].filter(({ node }) => node.startsWith('i-'))
  for (const from of hosts) {
    for (const to of hosts.filter(({ node }) => node !== from.node)) {
      const [source, destination] = [from.addresses[0] as Ip, to.addresses[0] as Ip]
      const ping: Flow = { protocol: ICMP, icmp: { type: 8, code: 0 }, source, destination }
      const [was, is] = [await arrives(before, ping, from.node), await arrives(after, ping, from.node)]
      const isAsked = asked.protocol === ICMP && asked.source === source && asked.destination === destination
      if (was === is || isAsked) continue
      // In VPCs of the same block several may have the address; which of them was meant, only the way decides.
      const takers = hosts.filter(({ addresses }) => addresses.includes(destination)).map(({ id }) => id)
      const told = (is ? fix.opens : fix.closes).some(
        (o) =>
          o.from.includes(from.id) &&
          takers.some((id) => o.to.includes(id)) &&
          o.traffic.some((text) => PINGS.test(text)),
      )
      assert.ok(
        told,
        `${JSON.stringify(fix)} does not say that ${source} ${is ? 'may' : 'may no longer'} ping ${destination}`,
      )
    }
  }
}

const PINGS = /^(ping|everything|all ICMP|ICMP types [0-8] to \d{2,3})$/

const arrives = async (bench: Bench, flow: Flow, from: string): Promise<boolean> =>
  answered(await bench.probe(flow, from))

/** The records of one bench in another. */
function copy(from: Bench, to: Bench): void {
  to.clock.now = from.clock.now
  to.plane.carryOut({ ...CALLER }, ({ state }) => {
    for (const { type } of allKinds()) for (const record of from.plane.state.all(type)) state.put(type, record)
  })
}

/** A rule is for one port or type, from or to one address or the block of one VPC. */
function assertNarrow(stage: Bench, { calls }: Fix): void {
  const blocks: readonly string[] = [...stage.plane.state.all('vpc')].flatMap(activeBlocks)
  for (const { action, input } of calls) {
    const [permission] = (input.IpPermissions ?? []) as IpPermission[]
    const cidr = action === 'CreateNetworkAclEntry' ? (input.CidrBlock as string) : permission?.IpRanges?.[0]?.CidrIp
    if (cidr) assert.ok(cidr.endsWith('/32') || blocks.includes(cidr), `${cidr} is too wide`)
    const { From, To } = (input.PortRange ?? {}) as { From?: number; To?: number }
    assert.equal(From, To)
    if (permission?.IpProtocol === 'icmp') assert.equal(permission.ToPort, -1)
    else assert.equal(permission?.FromPort, permission?.ToPort)
  }
}
