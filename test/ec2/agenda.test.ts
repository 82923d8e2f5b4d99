import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Agenda } from '../../src/ec2/agenda.ts'
import { dueAt } from '../../src/ec2/lifecycle.ts'
import { kindOf } from '../../src/ec2/kinds.ts'
import '../../src/ec2/registry.ts'
import { type Change, Records } from '../../src/ec2/state.ts'

const vpc = (id: string, state: string, stateSince: number) =>
  ({ type: 'vpc', id, record: { id, state, stateSince, tags: {}, account: 'a', region: 'r' } }) as unknown as Change

describe('the agenda', () => {
  test('holds what falls due, whatever has become of the records before', () => {
    const change = fc.record({
      id: fc.constantFrom('vpc-1', 'vpc-2', 'vpc-3', 'vpc-4', 'vpc-5'),
      what: fc.constantFrom('pending', 'available', 'gone'),
      since: fc.integer({ min: 0, max: 20 }),
      look: fc.integer({ min: 0, max: 20 }),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.integer({ min: 0, max: 60 }), (changes, begin) => {
        const records = new Records()
        let agenda = new Agenda(records)
        changes.forEach(({ id, what, since, look }, n) => {
          const one: Change = what === 'gone' ? { type: 'vpc', id } : vpc(id, what, since)
          records.accept([one])
          if (n === begin) agenda = new Agenda(records)
          else agenda.accept([one])
          const due = [...records.all('vpc')].filter((v) => (dueAt(kindOf('vpc').lifecycle, v) ?? Infinity) <= look)
          assert.deepEqual(
            agenda
              .due(look)
              .map((one) => one.id)
              .toSorted(),
            due.map((v) => v.id).toSorted(),
          )
        })
      }),
    )
  })

  test('has the earliest first', () => {
    const records = new Records()
    const agenda = new Agenda(records)
    const changes = [5, 3, 9, 1, 7].map((since) => vpc(`vpc-${since}`, 'pending', since))
    records.accept(changes)
    agenda.accept(changes)
    assert.deepEqual(
      agenda.due(7).map(({ id }) => id),
      ['vpc-1', 'vpc-3', 'vpc-5', 'vpc-7'],
    )
  })
})
