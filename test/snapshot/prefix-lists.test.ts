/** Prefix lists in a snapshot: what is told of them by which call, and what nobody told. */
import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { isPrefixListId } from '../../src/ec2/prefix-list.ts'
import { commandsFor } from '../../src/snapshot/describe-calls.ts'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import { SnapshotError } from '../../src/snapshot/snapshot-error.ts'
import { clientOf, running } from '../server/bench.ts'
import { sendSnapshot } from '../../src/cli/send-snapshot.ts'
import { readFolder } from '../../src/snapshot/document.ts'
import { linesFrom } from '../../src/snapshot/transfer.ts'
import { type Files, folderOf } from './estate.ts'

const MINE = 'pl-0123456789abcdef0'
const S3 = 'pl-63a5400a'
const VPC = { VpcId: 'vpc-00000001', CidrBlock: '10.0.0.0/16', OwnerId: '111122223333' }
const GROUP = { GroupId: 'sg-00000001', VpcId: 'vpc-00000001', GroupName: 'web', Description: 'a group' }
const TABLE = { RouteTableId: 'rtb-00000001', VpcId: 'vpc-00000001', Associations: [] }
const DESCRIBED = {
  ...{ PrefixListId: MINE, PrefixListName: 'offices', OwnerId: '111122223333', AddressFamily: 'IPv4' },
  ...{ State: 'create-complete', MaxEntries: 9, Version: 4, Tags: [] },
}

const route = (destination: object, more: object = {}) => ({
  ...{ GatewayId: 'igw-00000001', State: 'blackhole', Origin: 'CreateRoute' },
  ...destination,
  ...more,
})

function read(t: TestContext, files: Files, routes: readonly object[] = [], lists: readonly string[] = []) {
  const PrefixListIds = lists.map((PrefixListId) => ({ PrefixListId }))
  const IpPermissions = lists.length > 0 ? [{ IpProtocol: '-1', PrefixListIds }] : []
  const all = {
    Vpcs: [VPC],
    SecurityGroups: [{ ...GROUP, IpPermissions }],
    RouteTables: [{ ...TABLE, Routes: routes }],
  }
  const { state, report } = readSnapshot(folderOf(t, { 'accounts/111122223333/us-east-1/all.json': all, ...files }))
  const network = compile(state)
  return {
    state,
    notes: report.notes.map(({ kind, what, effect }) => `${kind}: ${what}, ${effect}`),
    contents: report.contents.map(({ account }) => account),
    rules: network.rules.flatMap(({ ruleSet, match: { remote } }) =>
      ruleSet === GROUP.GroupId && 'prefix' in remote ? [remote.prefix] : [],
    ),
    routes: network.routes.flatMap(({ origin }) => (isPrefixListId(origin.rule ?? '') ? [origin.rule] : [])),
  }
}

const at = (name: string) => `accounts/111122223333/us-east-1/${name}.json`
const entries = (PrefixListId: string, ...cidrs: string[]) => ({
  PrefixListId,
  Entries: cidrs.map((Cidr) => ({ Cidr, Description: 'an office' })),
})

describe('prefix lists of a snapshot', () => {
  test('have the entries of the answer that carries their id, in several pages as well', (t) => {
    const [one, two] = [entries(MINE, '192.0.2.0/24'), { ...entries(MINE, '198.51.100.0/24'), NextToken: null }]
    const files = { [at('a')]: { PrefixLists: [DESCRIBED] }, [at('b')]: one, [at('c')]: two }
    const found = read(t, files, [route({ DestinationPrefixListId: MINE })], [MINE])
    assert.deepEqual(found.rules, ['192.0.2.0/24', '198.51.100.0/24'])
    assert.deepEqual(found.routes.toSorted(), [`${MINE} 192.0.2.0/24`, `${MINE} 198.51.100.0/24`])
    const list = found.state.get('prefix-list', MINE)
    assert.deepEqual([list?.maxEntries, list?.versions[0]?.number, list?.account], [9, 4, '111122223333'])
    assert.deepEqual(
      found.notes.filter((note) => note.includes('prefix')),
      [],
    )
  })

  test('of AWS are told by either call, in either order, and are no account’s', (t) => {
    const plain = {
      PrefixLists: [{ PrefixListId: S3, PrefixListName: 'com.amazonaws.us-east-1.s3', Cidrs: ['52.0.0.0/15'] }],
    }
    const { MaxEntries: _, Version: _version, ...rest } = DESCRIBED
    const name = { PrefixListId: S3, PrefixListName: 'com.amazonaws.us-east-1.s3', OwnerId: 'AWS' }
    const managed = { PrefixLists: [{ ...rest, ...name }] }
    for (const [a, b] of [
      [plain, managed],
      [managed, plain],
    ]) {
      const found = read(t, { [at('a')]: a, [at('b')]: b }, [], [S3])
      assert.deepEqual(found.rules, ['52.0.0.0/15'])
      assert.equal(found.state.get('prefix-list', S3)?.account, 'AWS')
      assert.deepEqual(found.contents, ['111122223333'])
    }
  })

  test('whose blocks nobody told match nothing, and that is said; the rule and the route stay', (t) => {
    const files = { [at('a')]: { PrefixLists: [DESCRIBED] } }
    const found = read(t, files, [route({ DestinationPrefixListId: MINE })], [MINE, S3])
    assert.deepEqual([found.rules, found.routes], [[], []])
    assert.equal(found.state.get('route-table', 'rtb-00000001')?.routes[0]?.destination, MINE)
    assert.equal(found.state.where('security-group-rule', 'prefixListId', S3).length, 1)
    for (const id of [MINE, S3])
      assert.ok(found.notes.includes(`outside: the blocks of prefix list ${id}, rules that name it match nothing`), id)
  })

  test('of IPv6 blocks are there for rules and routes, and lead no packet, as nothing goes over IPv6', (t) => {
    const files = {
      [at('a')]: { PrefixLists: [{ ...DESCRIBED, AddressFamily: 'IPv6' }] },
      [at('b')]: entries(MINE, '2001:db8::/32'),
    }
    const found = read(t, files, [route({ DestinationPrefixListId: MINE })], [MINE])
    assert.deepEqual([found.rules, found.routes], [['2001:db8::/32'], []])
    assert.equal(found.state.get('route-table', 'rtb-00000001')?.routes[0]?.destination, MINE)
  })

  test('beat what is propagated to the same block (R5)', (t) => {
    const propagated = route({ DestinationCidrBlock: '192.0.2.0/24' }, { Origin: 'EnableVgwRoutePropagation' })
    const files = { [at('a')]: { PrefixLists: [DESCRIBED] }, [at('b')]: entries(MINE, '192.0.2.0/24') }
    const found = read(t, files, [propagated, route({ DestinationPrefixListId: MINE })])
    assert.deepEqual(found.routes, [`${MINE} 192.0.2.0/24`])
    assert.ok(found.notes.some((note) => note.startsWith('left-out: propagated routes')))
  })

  test('are not guessed: entries without an id are noted, and what is no block is refused', (t) => {
    const { Entries } = entries(MINE, '192.0.2.0/24')
    const nameless = read(t, { [at('a')]: { Entries } })
    assert.ok(nameless.notes.some((note) => note.startsWith('unknown: the key "Entries", they do not say')))
    const wrong = { [at('a')]: entries(MINE, '192.0.2.0') }
    assert.throws(() => read(t, wrong), {
      name: SnapshotError.name,
      message: /Entries\[0\]\.Cidr holds "192\.0\.2\.0"/,
    })
  })

  test('are asked for by the printed commands, each with its id', () => {
    const text = commandsFor('prod', 'eu-west-1')
    assert.match(text, /describe-managed-prefix-lists > prod\/aws_configs\/eu-west-1\/managed-prefix-lists\.json/)
    assert.match(text, /get-managed-prefix-list-entries --prefix-list-id "\$list" --query "\{PrefixListId: '\$list', /)
  })

  test('come into a server, where two accounts may both tell of AWS’s', async (t) => {
    const { stateDir, endpoint } = await running(t)
    const plain = { PrefixListId: S3, PrefixListName: 'com.amazonaws.us-east-1.s3', Cidrs: ['52.0.0.0/15'] }
    const of = (account: string, vpc: string) =>
      folderOf(t, {
        [`accounts/${account}/us-east-1/a.json`]: {
          Vpcs: [{ VpcId: vpc, CidrBlock: '10.0.0.0/16' }],
          PrefixLists: [plain],
        },
      })
    for (const [account, vpc] of [
      ['111122223333', 'vpc-00000001'],
      ['444455556666', 'vpc-00000002'],
    ] as const) {
      await sendSnapshot(stateDir, linesFrom(readFolder(of(account, vpc))))
      const { PrefixLists = [] } = await clientOf(endpoint, account).call('DescribePrefixLists', {})
      assert.ok(PrefixLists.some(({ PrefixListId }) => PrefixListId === S3))
    }
  })
})
