/** Calls good and bad, from the model of the API: none breaks the server; and what would be broken is noticed. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { plainCall } from './call.ts'
import { broken, type Seen } from './invariants.ts'
import { pool } from './pool.ts'
import { processTarget } from './process.ts'
import { runFuzz } from './run.ts'
import { without } from './shrink.ts'

test('20,000 calls: no 5xx, nothing changed by a refusal, every answer well-formed', async () => {
  const { calls, failures, outcomes, carriedOut, felt } = await runFuzz({ calls: 20_000, seed: 20_161_115 })
  assert.deepEqual(failures, [])
  assert.equal(calls, 20_000)
  // That the calls come near to good ones, and reach nearly everything.
  assert.ok((outcomes.get('200') ?? 0) > 4000, `${outcomes.get('200')} were carried out`)
  assert.ok(carriedOut.size > 140, `${carriedOut.size} actions were carried out`)
  assert.ok(felt.size > 40, `${felt.size} actions changed what packets meet`)
  assert.ok(outcomes.size > 60, `${outcomes.size} different outcomes`)
})

test('1,000 calls to a server of its own: no 5xx, no word in its log, and it goes on', async () => {
  const { failures, outcomes } = await runFuzz({ calls: 1000, each: 1000, seed: 7, start: processTarget })
  assert.deepEqual(failures, [])
  assert.ok((outcomes.get('200') ?? 0) > 200)
})

describe('what does not hold is noticed', () => {
  const xml = (inner: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${inner}`
  const good = xml('<DescribeVpcsResponse xmlns="http://e/"><requestId>r</requestId></DescribeVpcsResponse>')
  const error = xml(
    '<Response><Errors><Error><Code>C</Code><Message>m</Message></Error></Errors><RequestID>r</RequestID></Response>',
  )
  const seen = (status: number, body: string, more: Partial<Seen> = {}): Seen => ({
    call: plainCall('DescribeVpcs', []),
    reply: { status, type: 'text/xml', body },
    before: 1,
    after: 1,
    logged: [],
    networkChanged: false,
    ...more,
  })

  test('a good answer and a good error are', () => {
    assert.equal(broken(seen(200, good)), undefined)
    assert.equal(broken(seen(400, error)), undefined)
  })

  for (const [what, bad] of [
    ['a server error', seen(500, error)],
    ['a log line', seen(200, good, { logged: ['Request r: Error'] })],
    ['a refusal that changed something', seen(400, error, { after: 2 })],
    ['a description that changed something', seen(200, good, { after: 2 })],
    [
      'a dry run that changed something',
      seen(200, good, { call: plainCall('CreateVpc', [['DryRun', 'true']]), after: 2 }),
    ],
    ['a record that packets meet', seen(200, good, { networkChanged: true, call: plainCall('CreateTags', []) })],
    ['an answer cut off', seen(200, good.slice(0, -5))],
    ['an answer to something else', seen(200, good.replaceAll('Vpcs', 'Subnets'))],
    ['an answer without an id', seen(200, good.replace('<requestId>r</requestId>', ''))],
    ['a bare ampersand', seen(400, error.replace('m', 'a & b'))],
    ['a bare bracket', seen(400, error.replace('m', 'a < b'))],
    ['an element of a client', seen(400, error.replace('m', '<evil a="b"/>'))],
    ['a control character', seen(400, error.replace('m', '\x1b[2J'))],
    ['an error without a code', seen(400, error.replace('<Code>C</Code>', ''))],
    ['JSON', seen(400, '{}', { reply: { status: 400, type: 'application/json', body: '{}' } })],
  ] as const)
    test(what, () => assert.notEqual(broken(bad), undefined))
})

test('a call names what an earlier answer showed, also after calls between are left out', () => {
  const all = pool()
  all.learn(1, 0, '<vpcId>vpc-0123456789abcdef1</vpcId><keyName>mine</keyName>')
  all.learn(2, 0, '<vpcId>vpc-0123456789abcdef2</vpcId>')
  assert.equal(all.resolve({ of: 'vpc', pick: 0 }, 0), 'vpc-0123456789abcdef2')
  assert.equal(all.resolve({ of: 'vpc', pick: 990 }, 0), 'vpc-0123456789abcdef1')
  assert.equal(all.resolve({ of: 'keyName', pick: 0 }, 0), 'mine')
  assert.equal(all.resolve({ of: 'i', pick: 0 }, 0), 'i-0123456789abcdef0')
  const { parameters } = all.pinned(plainCall('DeleteVpc', [['VpcId', { of: 'vpc', pick: 990 }]]))
  assert.deepEqual(parameters, [['VpcId', { of: 'vpc', call: 1, nth: 0 }]])
  const again = pool()
  again.learn(1, 0, '<vpcId>vpc-0123456789abcdef3</vpcId>')
  assert.equal(again.resolve({ of: 'vpc', call: 1, nth: 0 }, 0), 'vpc-0123456789abcdef3')
})

test('what a failure does not need is left out', async () => {
  const needed = [3, 17, 18]
  const fails = async (left: readonly number[]): Promise<boolean> => needed.every((n) => left.includes(n))
  const all = Array.from({ length: 40 }, (_, n) => n)
  assert.deepEqual(await without(all, fails), needed)
})
