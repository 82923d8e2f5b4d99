/** The map's layout, without a browser: nothing lies over anything else, names are cropped, large estates are quick. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Estate } from '../../src/console/estate/estate.ts'
import type { Box, Drawing, Line } from '../../src/console/map/drawing.ts'
import { type Folds, foldsOf } from '../../src/console/map/folds.ts'
import { layout } from '../../src/console/map/layout.ts'
import { widthOf } from '../../src/console/map/text.ts'
import { estateOf, lab, peering } from './estate.ts'

const none: Folds = { vpcs: new Set<string>(), subnets: new Set<string>() }
const drawn = (estate: Estate, folds = none, ratio = 1.4): Drawing => layout(estate, folds, ratio)
const boxOf = ({ boxes }: Drawing, key: string): Box => {
  const found = boxes.find((box) => box.key === key)
  assert.ok(found, `no box ${key}`)
  return found
}

const meet = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const isInside = (a: Box, b: Box): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height

function assertApart(boxes: readonly Box[]): void {
  for (const [i, one] of boxes.entries())
    for (const other of boxes.slice(i + 1))
      if (meet(one, other)) assert.ok(isInside(other, one), `${other.key} lies over ${one.key}`)
}

/** The straight pieces of a path of M, H and V. */
function pieces({ path }: Line): { x1: number; y1: number; x2: number; y2: number }[] {
  let [x, y] = [0, 0]
  return [...path.matchAll(/([MHV])(-?[\d.]+)(?: (-?[\d.]+))?/g)].map(([, command, first, second]) => {
    const from = { x1: x, y1: y }
    if (command === 'M') [x, y] = [Number(first), Number(second)]
    else if (command === 'H') x = Number(first)
    else y = Number(first)
    return { ...(command === 'M' ? { x1: x, y1: y } : from), x2: x, y2: y }
  })
}

describe('the map of an estate', () => {
  test('shows the lab: two VPCs, their subnets, tables, gateways, instances, and the peering at both', () => {
    const map = drawn(lab())
    const kinds = Map.groupBy(map.boxes, ({ kind }) => kind)
    const counts = [...kinds].map(([kind, boxes]) => [kind, boxes.length])
    assert.deepEqual(Object.fromEntries(counts), {
      internet: 1,
      vpc: 2,
      zone: 2,
      subnet: 2,
      instance: 2,
      table: 4,
      gateway: 2,
      peering: 2,
    })
    assert.deepEqual(
      map.lines.filter(({ kind }) => kind === 'peering').map(({ from, to }) => [from, to]),
      [['pcx-1@vpc-1', 'pcx-1@vpc-2']],
    )
  })

  test('a subnet is public where its table leads to an internet gateway, else private', () => {
    const map = drawn(estateOf(1, 2, 0))
    assert.deepEqual(
      map.boxes.filter(({ kind }) => kind === 'subnet').map(({ tone }) => tone),
      ['public', 'private'],
    )
  })

  test('a peering that nobody has accepted shows no blocks, and one that is over is not there', () => {
    assert.deepEqual(boxOf(drawn(lab('pending-acceptance')), 'pcx-1@vpc-1').details, ['pending-acceptance'])
    assert.deepEqual(boxOf(drawn(lab()), 'pcx-1@vpc-1').details, ['to net-2', '10.2.0.0/16'])
    assert.ok(drawn(lab('deleted')).boxes.every(({ kind }) => kind !== 'peering'))
  })

  for (const [what, estate] of [
    ['the lab', lab()],
    ['one VPC with many instances', estateOf(1, 6, 21)],
    ['nine VPCs', estateOf(9, 3, 5)],
    ['nothing', estateOf(0, 0, 0)],
  ] as const) {
    for (const ratio of [0.5, 1.4, 3])
      test(`no box lies over another: ${what}, window ${ratio}`, () => assertApart(drawn(estate, none, ratio).boxes))
  }

  test('no line of a peering crosses a VPC', () => {
    const plain = estateOf(9, 1, 1)
    const pairs = plain.vpcs.flatMap((a, i) => plain.vpcs.slice(i + 1).map((b) => [a.id, b.id] as const))
    const estate = { ...plain, peerings: pairs.map(([a, b], i) => peering(`pcx-${i}`, a, b)) }
    for (const folds of [none, { ...none, vpcs: new Set(['vpc-1', 'vpc-4', 'vpc-5']) }]) {
      const map = drawn(estate, folds)
      const frames = map.boxes.filter(({ kind }) => kind === 'vpc')
      const lines = map.lines.filter(({ kind }) => kind === 'peering')
      assert.equal(lines.length, pairs.length)
      for (const line of lines)
        for (const frame of frames.filter(({ id }) => ![line.from, line.to].some((key) => key.endsWith(id))))
          for (const { x1, y1, x2, y2 } of pieces(line)) {
            const piece = { ...frame, x: Math.min(x1, x2), y: Math.min(y1, y2) }
            const box = { ...piece, width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) }
            assert.ok(!meet(box, frame), `${line.key} crosses ${frame.id}`)
          }
    }
  })

  test('a name that does not fit is cropped, and whole where the mouse rests', () => {
    const name = 'W'.repeat(300)
    const { vpcs, ...rest } = lab()
    const estate = { ...rest, vpcs: vpcs.map((vpc) => ({ ...vpc, name })) }
    const box = boxOf(drawn(estate), 'vpc-1')
    assert.match(box.title, /^W+…$/)
    assert.ok(widthOf(box.title, 13) < box.width)
    assert.ok(box.full.includes(name))
  })

  test('a folded VPC is one box, to which its peerings lead', () => {
    const map = drawn(lab(), { ...none, vpcs: new Set(['vpc-2']) })
    assert.equal(map.boxes.filter(({ id }) => id.includes('-2')).length, 1)
    assert.equal(map.lines.find(({ key }) => key === 'pcx-1')?.to, 'vpc-2')
  })

  test('50 VPCs and 1,000 instances are folded until somebody opens them, and all laid out where everybody does', () => {
    const estate = estateOf(50, 2, 10)
    assert.equal(estate.instances.length, 1000)
    const folds = foldsOf(estate, new Map([['vpc-7', false]]))
    assert.equal(folds.vpcs.size, 49)
    assertApart(drawn(estate, folds).boxes)
    const open = drawn(estate)
    assert.equal(open.boxes.filter(({ kind }) => kind === 'instance').length, 1000)
  })

  test('an unused default VPC is folded, a subnet with many instances as well', () => {
    const { vpcs, ...rest } = estateOf(1, 1, 17)
    const spare = { id: 'vpc-9', name: '', cidrs: ['172.31.0.0/16'], isDefault: true }
    const folds = foldsOf({ ...rest, vpcs: [...vpcs, spare] }, new Map())
    assert.deepEqual([[...folds.vpcs], [...folds.subnets]], [['vpc-9'], ['subnet-1-1']])
  })
})
