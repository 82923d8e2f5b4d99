import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { harmless, lastLines, newSince } from '../../src/cli/logs.ts'

const text = (bytes: Buffer): string => bytes.toString()

describe("a console's output", () => {
  test('its last lines, with or without an end of the last one', () => {
    const of = (output: string, count: number) => text(lastLines(Buffer.from(output), count))
    assert.equal(of('a\nb\nc\n', 2), 'b\nc\n')
    assert.equal(of('a\nb\nlogin: ', 2), 'b\nlogin: ')
    assert.equal(of('a\nb\n', 9), 'a\nb\n')
    assert.equal(of('a\nb\n', 0), '')
    assert.equal(of('', 3), '')
  })

  test('what is new is what follows the end of what was shown, though the beginning is kept no longer', () => {
    const since = (before: string, now: string) => text(newSince(Buffer.from(before), Buffer.from(now)))
    assert.equal(since('', 'a\n'), 'a\n')
    assert.equal(since('a\n', 'a\nb\n'), 'b\n')
    assert.equal(since('a\n', 'a\n'), '')
    const long = Array.from({ length: 3000 }, (_, i) => `line ${i}\n`).join('')
    assert.equal(since(long, `${long.slice(5000)}more\n`), 'more\n')
    assert.equal(since(long, 'quite another\n'), 'quite another\n')
  })

  test('a terminal is told nothing: what it would obey is shown as what it is not', () => {
    assert.equal(harmless('a\tb\r\nc é\n'), 'a\tb\nc é\n')
    assert.equal(harmless('\u001b[2J\u009b1m\u0007\rx'), '\uFFFD[2J\uFFFD1m\uFFFD\uFFFDx')
  })
})
