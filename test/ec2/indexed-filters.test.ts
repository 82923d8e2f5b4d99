import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allKinds } from '../../src/ec2/kinds.ts'
import type { Resource } from '../../src/ec2/resource.ts'
import { select } from '../../src/ec2/select.ts'
import { place } from './place.ts'
import { US } from './world.ts'

test('a filter that is looked up finds what a look at all records finds, and no stranger', () => {
  const p = place()
  p.running()
  p.running()
  p.call('CreateNetworkInterface', { SubnetId: p.subnetId })
  p.call('AssociateAddress', { AllocationId: p.elastic(), InstanceId: p.running() })
  // Somebody else has the same, in the same Region.
  p.call('CreateVpc', { CidrBlock: '10.0.0.0/16' }, { ...US, account: '210987654321' })
  let looked = 0
  for (const { type, filters, indexed = {} } of allKinds())
    for (const name of Object.keys(indexed))
      for (const record of p.records.all(type)) {
        const Value = String([filters[name]?.(record as never, p.records)].flat()[0])
        const found = (Values: string[]) =>
          p.transaction(US, (context) =>
            select(context, type, { Filters: [{ Name: name, Values }] }, undefined).items.map(
              (r) => (r as Resource).id,
            ),
          )
        // Two values are not looked up.
        assert.deepEqual(found([Value]).toSorted(), found([Value, Value]).toSorted(), `${type} ${name}`)
        looked++
      }
  assert.ok(looked > 50, `${looked}`)
})
