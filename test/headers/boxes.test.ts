import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { addresses, type Box, boxes, ports, protocols } from '../../src/headers/boxes.ts'
import { ofFlow, where } from '../../src/headers/condition.ts'
import {
  EVERYTHING,
  type HeaderSet,
  includes,
  intersect,
  isEmpty,
  NOTHING,
  subtract,
  unionOf,
} from '../../src/headers/header-set.ts'
import { samples } from '../../src/headers/samples.ts'
import { prefix } from '../../src/ip/prefix.ts'
import type { PortRange } from '../../src/network/match.ts'
import { flows, seeded, sets } from './arbitrary.ts'

/** The set that a box describes. Types come as ranges there, so each of them is a condition. */
function setOf({ icmpTypes, icmpCodes, ...rest }: Box): HeaderSet {
  const set = where(rest)
  if (!icmpTypes && !icmpCodes) return set
  const span = (ranges: readonly PortRange[] = [{ from: 0, to: 255 }]) =>
    ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
  const typed = (type: number) => (icmpCodes ? span(icmpCodes).map((code) => ({ type, code })) : [{ type }])
  return intersect(set, where({ icmp: span(icmpTypes).flatMap(typed) }))
}

describe('boxes of a set', () => {
  test('have no header in common, and make up the set', () => {
    fc.assert(
      fc.property(sets, ({ set }) => {
        const all = boxes(set, 200).map(setOf)
        for (const [i, box] of all.entries())
          assert.ok(all.slice(i + 1).every((other) => isEmpty(intersect(box, other))))
        if (all.length < 200) assert.equal(unionOf(all), set)
      }),
      { numRuns: 150 },
    )
  })

  test('are the fewest prefixes and ranges', () => {
    const source = [prefix('10.1.0.0/16'), prefix('fd00::/8')]
    const destinationPorts = [
      { from: 22, to: 22 },
      { from: 80, to: 443 },
    ]
    const set = where({ source: [prefix('10.1.128.0/17'), prefix('10.1.0.0/17'), ...source], destinationPorts })
    const protocols = [
      { from: 6, to: 6 },
      { from: 17, to: 17 },
    ]
    assert.deepEqual(boxes(set), [
      { family: 4, protocols, destinationPorts, source: ['10.1.0.0/16'] },
      { family: 6, protocols, destinationPorts, source: ['fd00::/8'] },
    ])
    assert.deepEqual(boxes(subtract(where({ family: 4 }), where({ destination: [prefix('128.0.0.0/2')] }))), [
      { family: 4, destination: ['0.0.0.0/1', '192.0.0.0/2'] },
    ])
    assert.deepEqual(boxes(EVERYTHING), [{ family: 4 }, { family: 6 }])
    assert.deepEqual(boxes(NOTHING), [])
    assert.equal(boxes(EVERYTHING, 1).length, 1)
  })
})

describe('one field of a set', () => {
  test('has the values that headers of the set have, and no others', () => {
    fc.assert(
      fc.property(sets, flows, fc.nat(), ({ set }, flow, seed) => {
        for (const { source, destination, protocol, destinationPort } of samples(set, 10, seeded(seed))) {
          assert.ok(includes(where({ source: addresses(set, 'source') }), { ...flow, source, destination }))
          assert.ok(includes(where({ destination: addresses(set, 'destination') }), { ...flow, source, destination }))
          assert.ok(protocols(set).some(({ from, to }) => protocol >= from && protocol <= to))
          if (destinationPort === undefined) continue
          assert.ok(
            ports(set, 'destinationPort').some(({ from, to }) => destinationPort >= from && destinationPort <= to),
          )
        }
        for (const p of addresses(set, 'source')) assert.ok(!isEmpty(intersect(set, where({ source: [p] }))))
        for (const range of ports(set, 'sourcePort'))
          assert.ok(!isEmpty(intersect(set, where({ sourcePorts: [range] }))))
        for (const range of protocols(set)) assert.ok(!isEmpty(intersect(set, where({ protocols: [range] }))))
      }),
      { numRuns: 300 },
    )
  })

  test('of one flow is that value', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const [source] = addresses(ofFlow(flow), 'source')
        assert.equal(source, `${flow.source}/${flow.source.includes(':') ? 128 : 32}`)
        assert.deepEqual(protocols(ofFlow(flow)), [{ from: flow.protocol, to: flow.protocol }])
        const { sourcePort: port } = flow
        assert.deepEqual(ports(ofFlow(flow), 'sourcePort'), port === undefined ? [] : [{ from: port, to: port }])
      }),
    )
  })
})
