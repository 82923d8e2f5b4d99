/** What conntrack relates to a flow: messages about it, from whoever drops it on the way (S13). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { noKernel } from '../kernel.ts'
import { inside, withEngine } from './bench.ts'
import { lab, rule } from './networks.ts'

/** Sends until the kernel tells the socket that nobody listens; exit code 0 when it does. */
const UNTIL_REFUSED = 'exec 3>/dev/udp/$0/9; for i in {1..50}; do echo x >&3 || exit 0; sleep 0.1; done; exit 1'

describe('messages about a flow', { concurrency: 1, skip: noKernel, timeout: 120_000 }, () => {
  test('S13: an ICMP error about a tracked flow is let in, and out at the other side, without a rule', () =>
    withEngine(async (engine) => {
      const open = rule('sg-b', 'ingress', 'udp', { protocol: 17, remote: { prefix: '10.1.0.0/16' as never } })
      await engine.apply(lab(open), 1)
      const { code, output } = await inside(engine, 'i-a', 'bash', '-c', UNTIL_REFUSED, '10.2.11.172')
      assert.equal(code, 0, output)
    }))

  test('S13: without a rule for the flow there is none', () =>
    withEngine(async (engine) => {
      await engine.apply(lab(), 1)
      const { code } = await inside(engine, 'i-a', 'bash', '-c', UNTIL_REFUSED.replace('50', '5'), '10.2.11.172')
      assert.equal(code, 1)
    }))
})
