/** The peering lab's network in memory, as far as a learner has come: two VPCs with a default route each, web and db. */
import { bench } from '../../scenarios/bench.ts'
import { type Stage, stage } from '../../scenarios/scenario.ts'
import type { Subject } from '../../src/check/explanation.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'

/** Peered and routed both ways; the group of `db` is as AWS makes it, closed to all but its members. */
export async function lab() {
  const b = bench((services) => simulator({ services }))
  const s: Stage = stage(b)
  const name = (id: string, value: string) =>
    b.call('CreateTags', { Resources: [id], Tags: [{ Key: 'Name', Value: value }] })
  const [v1, v2] = [s.vpc('10.1.0.0/16', { gateway: true }), s.vpc('10.2.0.0/16', { gateway: true })]
  const [s1, s2] = [s.subnet(v1, '10.1.0.0/20', { table: true }), s.subnet(v2, '10.2.0.0/20', { table: true })]
  const web = await s.instance(s1, { ip: '10.1.7.162' })
  const db = await s.instance(s2, { ip: '10.2.11.172' })
  const peering = s.peer(v1, v2)
  s.route(s1.table, '10.2.0.0/16', peering)
  s.route(s2.table, '10.1.0.0/16', peering)
  const names: readonly (readonly [string, string])[] = [
    [v1.id, 'NextWork-1-vpc'],
    [v2.id, 'NextWork-2-vpc'],
    [s1.id, 'public-1'],
    [s2.id, 'public-2'],
    [s1.table, 'rtb-1'],
    [s2.table, 'rtb-2'],
    [web.id, 'web'],
    [db.id, 'db'],
    [peering, 'VPC 1 <> VPC 2'],
  ]
  for (const [id, value] of names) name(id, value)
  const subject = async (): Promise<Subject> => ({ state: b.plane.state, network: await b.catchUp() })
  return { b, s, v1, v2, s1, s2, web, db, peering, name, subject }
}
export type Lab = Awaited<ReturnType<typeof lab>>
