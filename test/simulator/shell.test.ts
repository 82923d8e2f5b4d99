import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { outcome, said, SILENT, simulated, typing, WEB } from './bench.ts'

const run = async (script: string) => said(await simulated(), 'sh', '-c', script)

describe('the simulated shell', () => {
  test('knows quotes, variables, substitutions and what follows on success and failure', async () => {
    const cases: readonly (readonly [script: string, out: string])[] = [
      [`echo a   'b  c' "d  e" f\\ g`, 'a b  c d  e f g\n'],
      [`A=1; B="$A 2"; echo $B "$B" '$B' \${A}x`, '1 2 1 2 $B 1x\n'],
      ['true && echo yes || echo no; false && echo yes || echo no', 'yes\nno\n'],
      ['false; echo $?; echo $?', '1\n0\n'],
      ['X=$(hostname); echo "<$X>" `whoami`', '<ip-10-1-7-162> root\n'],
      ['X=$(false) || echo failed', 'failed\n'],
      ['A=1; B=$(A=2; echo $A); echo $A$B', '12\n'],
      ['X="a  b"; echo $X; echo "$X"; echo $nothing.', 'a b\na  b\n.\n'],
      ['echo \'\' "" x # comment', '  x\n'],
      ['echo a; # only a comment', 'a\n'],
      ['export A=b=c; echo -n $A', 'b=c'],
      ['echo http://10.1.0.1/?a=b', 'http://10.1.0.1/?a=b\n'],
    ]
    for (const [script, out] of cases) assert.equal((await run(script)).out, out, script)
  })

  test('says what it does not have, and goes on', async () => {
    for (const script of ['echo a | cat', 'echo a > b', 'sleep 1 &', '(echo)', 'echo "a', "echo 'a", 'echo $(a'])
      assert.deepEqual([(await run(script)).code, (await run(script)).out], [2, ''], script)
    assert.match((await run('echo a | cat')).err, /^sh: the simulated shell has no \|: no pipes/)
    const { code, err } = await run('vim; echo')
    assert.match(err, /vim: command not found \(this instance is simulated/)
    assert.equal(code, 0)
  })

  test('reads a script from a pipe without prompts, and ends with the code of the last command', async () => {
    const engine = await simulated()
    const running = engine.host.spawn('web', ['su', '-', 'ec2-user'])
    const ended = outcome(running)
    running.write(Buffer.from('whoami\nsudo who'))
    running.write(Buffer.from('ami\nfalse'))
    running.write(null)
    assert.deepEqual(await ended, { code: 1, signal: null, out: 'ec2-user\nroot\n', err: '' })
  })

  test('says at a terminal that packets are simulated, and shows the prompt of Amazon Linux', async () => {
    const { type, screen, running } = typing(await simulated(), ['su', '-', 'ec2-user'])
    await type('', '[ec2-user@ip-10-1-7-162 ~]$ ')
    assert.match(screen(), /^A simulated instance: packets are simulated.*\r\n\[ec2-user/)
    await type('\x04', 'logout\r\n')
    assert.deepEqual(await running.exit, { code: 0, signal: null })
  })

  test('a line can be mended, given up, and found again', async () => {
    const { type, screen, running } = typing(await simulated(), ['bash'])
    await type('', ']# ')
    await type('echo abx\x7fc\r', 'abc\r\n[root@')
    await type('echo lost\x15echo kept\r', '\r\nkept\r\n[root@')
    await type('echo one two\x17three\r', '\r\none three\r\n[root@')
    await type('echo never\x03', '^C\r\n[root@')
    await type('\x1b[A\x1b[A\r', '\r\nkept\r\n[root@')
    await type('echo é\x7fx\r', '\r\nx\r\n[root@')
    await type('exit 3\r', '\r\n')
    assert.deepEqual(await running.exit, { code: 3, signal: null })
    assert.doesNotMatch(screen(), /\r\nnever/)
  })

  test('Ctrl-C ends what runs and not the shell; what is typed meanwhile is run afterwards', async () => {
    const { type, screen, running } = typing(await simulated(), ['bash'])
    await type('', ']# ')
    await type(`ping ${SILENT}\r`, 'PING')
    await type('echo lost\r\x03', '100% packet loss')
    await type('sleep 0.05\recho later\r', 'later\r\n[root@')
    assert.doesNotMatch(screen(), /\r\nlost/)
    running.write(Buffer.from('exit\r'))
    assert.equal((await running.exit).signal, null)
  })

  test('SIGTERM ends it, at the prompt and while a command runs', async () => {
    for (const keys of ['', `ping ${WEB}\r`]) {
      const { type, running } = typing(await simulated(), ['bash'])
      await type('', ']# ')
      if (keys) await type(keys, 'icmp_seq=1')
      running.kill('SIGTERM')
      assert.deepEqual(await running.exit, { code: null, signal: 'SIGTERM' })
    }
  })

  test('help lists every command there is', async () => {
    const { out } = await run('help')
    for (const name of ['ping', 'traceroute', 'curl', 'ip', 'dig', 'getent', 'hostname', 'whoami', 'echo', 'exit'])
      assert.match(out, new RegExp(`\\b${name}\\b`))
  })
})
