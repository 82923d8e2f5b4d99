/** Files of assertions: what is read, and where a mistake is. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EXAMPLE } from '../../src/check/example.ts'
import { readAssertions } from '../../src/check/file.ts'

function problems(text: string): string[] {
  const read = readAssertions(text)
  assert.ok('problems' in read, 'nothing was found wrong')
  return read.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`)
}
function assertions(text: string) {
  const read = readAssertions(text)
  assert.ok('assertions' in read, JSON.stringify(read))
  return read.assertions
}

describe('a file', () => {
  test('of the example is read whole, with the place of each assertion and word', () => {
    const [ping, ssh, https] = assertions(EXAMPLE)
    assert.deepEqual(
      [ping?.name, ping?.protocol, ping?.expect, ping?.because],
      ['web pings db', 1, 'reachable', 'the lab is about this ping'],
    )
    assert.deepEqual(ssh?.ports, { from: 22, to: 22 })
    assert.deepEqual(https?.allowed, [{ protocol: 6, ports: { from: 443, to: 443 } }])
    const line = EXAMPLE.split('\n').findIndex((text) => text.includes('from: web'))
    assert.deepEqual(ping?.from, [{ text: 'web', line: line + 1, column: 11 }])
  })

  test('may be JSON, or a list alone; from and to may be lists; a port alone is of TCP', () => {
    const [one] = assertions('[{"from": ["a", "b"], "to": "c", "port": "8000-8100", "expect": "partly"}]')
    assert.deepEqual(
      [one?.from.map(({ text }) => text), one?.protocol, one?.ports, one?.name],
      [['a', 'b'], 6, { from: 8000, to: 8100 }, 'a, b to c'],
    )
  })

  test('that is no YAML says where it breaks', () => {
    assert.match(problems('a: [1\nb: {').join(), /^2:\d+: .*\]/)
  })

  test('without a list of assertions says what is expected', () => {
    for (const text of ['', 'from: web', 'assertions: 3'])
      assert.match(problems(text).join(), /^1:\d+: expected `assertions:`/, text)
  })

  test('has all its mistakes found at once, each with line and column', () => {
    const text = [
      'assertions:',
      '  - from: web',
      '    too: db',
      '    expect: maybe',
      '  - 7',
      '  - {from: [], to: b, proto: tcpp, port: 1-x, expect: only}',
      '  - {from: a, to: b, port: 70000, expect: reachable}',
      '  - {from: a, to: b, proto: icmp, port: 1, expect: reachable, ports: [tcp]}',
    ].join('\n')
    const found = problems(text)
    const expected = [
      /^3:5: unknown key too; expected one of name, /,
      /^2:5: expected `to`/,
      /^4:13: expected `expect`: one of reachable, unreachable, partly, only$/,
      /^5:5: expected an assertion/,
      /^6:12: expected `from`/,
      /^6:30: expected `proto`/,
      /^6:42: expected `port`/,
      /^6:5: expected `ports` beside/,
      /^7:28: expected `port`: a port, a range such as 8000-8100, or any$/,
      /^8:41: only tcp and udp have ports$/,
      /^8:70: `ports` goes with `expect: only`/,
    ]
    for (const pattern of expected)
      assert.ok(
        found.some((line) => pattern.test(line)),
        `${pattern}\n${found.join('\n')}`,
      )
    assert.equal(found.length, expected.length, found.join('\n'))
  })
})
