import assert from 'node:assert/strict'
import { isIPv6 } from 'node:net'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { compareIp, fromInteger, ip, parseIp, toInteger } from '../../src/ip/address.ts'
import { addressAt, contains, covers, isPrivate, overlaps, parsePrefix, prefix, sizeOf } from '../../src/ip/prefix.ts'

describe('addresses', () => {
  test('text that only looks like an address is none', () => {
    for (const text of ['010.0.0.1', '10.0.0.256', '10.0.0', '10.0.0.1 ', '1.2.3.4/32', 'fe80::1%eth0', '', ':::']) {
      assert.equal(parseIp(text), undefined, text)
    }
  })

  test('an address survives the way to an integer and back, in both families', () => {
    fc.assert(fc.property(fc.ipV4(), (text) => fromInteger(toInteger(ip(text)), 4) === text))
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 128n - 1n), (value) => {
        const text = fromInteger(value, 6)
        return isIPv6(text) && toInteger(ip(text)) === value && parseIp(text) === text
      }),
    )
  })

  test('IPv6 is written as RFC 5952 wants it', () => {
    assert.equal(parseIp('2001:0DB8:0:0:0:0:0:1'), '2001:db8::1')
    assert.equal(parseIp('2001:db8:0:1:0:0:0:1'), '2001:db8:0:1::1')
    assert.equal(parseIp('::ffff:1.2.3.4'), '::ffff:102:304')
    assert.equal(parseIp('0:0:0:0:0:0:0:0'), '::')
    assert.equal(parseIp('1:0:2:0:3:0:4:0'), '1:0:2:0:3:0:4:0')
  })

  test('addresses have an order', () => {
    const addresses = ['10.0.0.10', '::1', '10.0.0.9', '9.255.255.255'].map(ip)
    assert.deepEqual(addresses.toSorted(compareIp), ['9.255.255.255', '10.0.0.9', '10.0.0.10', '::1'])
  })
})

describe('prefixes', () => {
  test('C2: host bits are cleared', () => {
    assert.equal(parsePrefix('100.68.0.18/18'), '100.68.0.0/18')
    assert.equal(parsePrefix('2001:db8::1/32'), '2001:db8::/32')
  })

  test('text that only looks like a prefix is none', () => {
    for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/-1', '::/129', '10.0.0.0/16/16', '/16']) {
      assert.equal(parsePrefix(text), undefined, text)
    }
  })

  test('a prefix contains its first and last address and not their outer neighbours', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 32 }), (address, length) => {
        const p = prefix(`${address}/${length}`)
        const first = toInteger(addressAt(p, 0))
        const last = toInteger(addressAt(p, -1))
        assert.equal(last - first + 1n, sizeOf(p))
        assert.ok(contains(p, addressAt(p, 0)) && contains(p, addressAt(p, -1)) && contains(p, ip(address)))
        if (first > 0n) assert.ok(!contains(p, fromInteger(first - 1n, 4)))
        if (last < 2n ** 32n - 1n) assert.ok(!contains(p, fromInteger(last + 1n, 4)))
      }),
    )
  })

  test('two prefixes overlap exactly where one covers the other', () => {
    assert.ok(covers(prefix('10.0.0.0/8'), prefix('10.1.0.0/16')))
    assert.ok(!covers(prefix('10.1.0.0/16'), prefix('10.0.0.0/8')))
    assert.ok(overlaps(prefix('10.1.0.0/16'), prefix('10.0.0.0/8')))
    assert.ok(!overlaps(prefix('10.0.0.0/16'), prefix('10.1.0.0/16')))
    assert.ok(!overlaps(prefix('0.0.0.0/0'), prefix('::/0')), 'R3: families never mix')
  })

  test('G2: RFC 1918 and RFC 6598 are private, and nothing else', () => {
    assert.ok(['10.255.0.1', '172.31.0.1', '192.168.0.1', '100.127.0.1'].map(ip).every(isPrivate))
    assert.ok(!['172.32.0.1', '100.128.0.1', '198.18.0.1', '203.0.113.1', '8.8.8.8'].map(ip).some(isPrivate))
  })
})
