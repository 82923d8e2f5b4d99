/** Changes by netlink do what `ip` does with the same lines, and what is read by netlink is what was changed. */
import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { ipBatch, nftTransaction } from '../../src/engines/linux/command.ts'
import { pathOf } from '../../src/engines/linux/names.ts'
import { nftLibrary } from '../../src/engines/linux/nft-library.ts'
import { readNamespace } from '../../src/engines/linux/read.ts'
import { rtnetlinkBatch } from '../../src/engines/linux/rtnetlink-batch.ts'
import { noKernel } from '../kernel.ts'
import { settled } from '../server/machine.ts'
import { machine } from './bench.ts'

const ADDED = [
  'link set lo up',
  'link property add dev va altname eni-0123456789abcdef0',
  'link set va up',
  'link set vb arp off up',
  'addr add 10.1.0.1/24 dev va',
  'addr add 169.254.169.254/32 dev lo scope link',
  'rule add pref 100 fwmark 0x1 lookup 16777217',
  'rule add pref 30000 lookup local',
  'rule add pref 200 from 10.0.0.0/8 lookup 99',
  'rule del pref 0 lookup local',
  'route replace throw 10.2.0.0/16 table 16777217',
  'route replace default dev va table 16777217',
  'route replace 10.9.9.0/24 via 10.77.0.1 dev va onlink table main',
  'route replace 10.9.8.7 dev va table 33554432',
  'route replace blackhole default table 33554432',
  'neigh replace 10.1.0.9 lladdr 02:00:00:00:00:09 dev va nud permanent',
  'neigh replace 10.1.0.8 lladdr 02:00:00:00:00:08 dev va nud permanent',
]
const CHANGED = [
  'addr add 10.3.0.2/24 dev va',
  'addr del 10.1.0.1/24 dev va',
  'rule del pref 200 from 10.0.0.0/8 lookup 99',
  'rule del pref 100 fwmark 0x1 lookup 16777217',
  'route replace blackhole 10.2.0.0/16 table 16777217',
  'route del 10.9.8.7 table 33554432',
  'route del default table 16777217',
  'neigh replace 10.1.0.9 lladdr 02:00:00:00:00:10 dev va nud permanent',
  'neigh del 10.1.0.8 dev va',
]
const SHOWN = ['addr', 'rule show', 'route show table all', 'neigh show nud permanent']

/** Two namespaces with a link in them, of the same addresses. */
async function withTwo(work: (one: string, other: string) => Promise<void>): Promise<void> {
  const names = ['a', 'b'].map((end) => `istest${process.pid}${end}`)
  try {
    for (const name of names) {
      machine(undefined, 'ip', 'netns', 'add', name)
      const [one, other] = ['address 02:00:00:00:01:0a', 'address 02:00:00:00:01:0b'].map((text) => text.split(' '))
      machine(name, 'ip', 'link', 'add', 'va', ...(one ?? []), 'type', 'veth', 'peer', 'name', 'vb', ...(other ?? []))
    }
    await work(names[0] ?? '', names[1] ?? '')
  } finally {
    for (const name of names) machine(undefined, 'ip', 'netns', 'del', name)
  }
}

/** Whether a link runs, the kernel says up to a second later; and its tables have no order. */
const shown = (namespace: string): string[][] =>
  SHOWN.map((what) =>
    machine(namespace, 'ip', '-4', '-d', ...what.split(' '))
      .replace(/state (UP|DOWN|UNKNOWN)|NO-CARRIER,| proto 0x49/g, '')
      .split('\n')
      .toSorted(),
  )

describe('netlink in place of processes', { concurrency: 1, skip: noKernel, timeout: 60_000 }, () => {
  test('lines that are added and changed leave what ip leaves', () =>
    withTwo(async (byIp, byNetlink) => {
      for (const lines of [ADDED, CHANGED]) {
        await ipBatch(byIp, lines)
        assert.equal(rtnetlinkBatch(pathOf(byNetlink), lines), true)
        await settled(() => isDeepStrictEqual(shown(byNetlink), shown(byIp)), true)
        assert.deepEqual(shown(byNetlink), shown(byIp))
        const { placed, ...found } = await readNamespace(byNetlink, [])
        assert.deepEqual({ ...found, placed: new Map() }, await readNamespace(byIp, []))
        assert.ok([...placed.keys()].every((address) => found.addresses.has(address)))
      }
    }))

  test('what is read are the facts that were written', () =>
    withTwo(async (_, namespace) => {
      rtnetlinkBatch(pathOf(namespace), ADDED)
      const { addresses, rules, routes, neighbors, links, loopback } = await readNamespace(namespace, [])
      const written = (object: string) =>
        ADDED.filter((line) => new RegExp(`^${object} (add|replace) `).test(line)).map((line) =>
          line.split(' ').slice(2).join(' '),
        )
      assert.deepEqual([...addresses.values()].toSorted(), written('addr').toSorted())
      assert.deepEqual([...routes.values()].toSorted(), written('route').toSorted())
      assert.deepEqual([...neighbors.values()].toSorted(), written('neigh').toSorted())
      const kernels = ['pref 32766 lookup main', 'pref 32767 lookup default']
      assert.deepEqual([...rules.values()].toSorted(), [...kernels, ...written('rule')].toSorted())
      assert.deepEqual([loopback, links.get('va')?.up, links.get('vb')?.arp], [true, true, false])
    }))

  test('a line that the kernel refuses is named; words that only ip knows are left to it, and nothing is done', () =>
    withTwo(async (_, namespace) => {
      const path = pathOf(namespace)
      assert.throws(() => rtnetlinkBatch(path, ['addr add 10.1.0.1/24 dev va', 'route del 10.7.0.0/16 table 9']), {
        message: `${path}: route del 10.7.0.0/16 table 9: no such process`,
      })
      assert.throws(() => rtnetlinkBatch(path, ['link set nothing up']), /there is no link nothing/)
      const before = shown(namespace)
      assert.equal(rtnetlinkBatch(path, ['addr add 10.5.0.1/24 dev va', 'link set va mtu 900']), false)
      assert.deepEqual(shown(namespace), before)
    }))

  test('more lines than fit one message are all carried out', () =>
    withTwo(async (_, namespace) => {
      const lines = Array.from({ length: 3000 }, (_, i) => `route replace 10.${i >> 8}.${i & 255}.0/24 dev va table 5`)
      rtnetlinkBatch(pathOf(namespace), ['link set va up', ...lines])
      assert.equal((await readNamespace(namespace, [])).routes.size, 3000)
    }))

  test('a transaction of nft is carried out whole or not at all, and says why', () =>
    withTwo(async (_, namespace) => {
      await nftTransaction(namespace, ['add table inet t', 'add chain inet t c'])
      const refused = nftTransaction(namespace, ['add rule inet t c accept', 'add rule inet t nowhere accept'])
      await assert.rejects(refused, /No such file or directory[\s\S]*add rule inet t nowhere accept/)
      assert.doesNotMatch(machine(namespace, 'nft', 'list', 'ruleset'), /accept/)
    }))

  test('nft is had by a process that has many files open', { skip: nftLibrary() ? false : 'no libnftables' }, () =>
    withTwo(async (_, namespace) => {
      const open = Array.from({ length: 1500 }, () => openSync('/dev/null', 'r'))
      try {
        assert.equal(await nftLibrary()?.(pathOf(namespace), 'add table inet t\n'), true)
      } finally {
        open.forEach(closeSync)
      }
      assert.match(machine(namespace, 'nft', 'list', 'tables'), /table inet t/)
    }),
  )
})
