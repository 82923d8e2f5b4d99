import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, test } from 'node:test'
import { Command, Option } from 'commander'
import { candidates } from '../../src/cli/complete.ts'
import { place } from '../server/login-bench.ts'

const main = resolve('src/cli/main.ts')
const has = (shell: string): false | string =>
  spawnSync(shell, ['-c', 'true']).status === 0 ? false : `${shell} is not installed`

/** What a script of a shell prints, in which `isthmus` is the command. */
function inShell(shell: string, stateDir: string, script: string): Promise<string> {
  const isthmus = `isthmus() { '${process.execPath}' --disable-warning=ExperimentalWarning '${main}' "$@"; }`
  const env = { ...process.env, ISTHMUS_STATE: stateDir }
  return new Promise((done, failed) =>
    execFile(shell, ['-c', `${isthmus}\n${script}`], { env }, (error, stdout) =>
      error ? failed(error) : done(stdout),
    ),
  )
}

/** Completes each line in bash as it does at the Tab key; the cursor is at the end. */
const BASH = `
eval "$(isthmus completion bash)"
try() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _isthmus isthmus "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
  echo "\${COMPREPLY[*]}"
}
complete -p isthmus
`

describe('completion in bash', { skip: has('bash') }, () => {
  test('offers commands, options, choices, and the names of instances where they need no quotes', async (t) => {
    const here = await place(t)
    for (const name of ['web', 'My DB'])
      await here.launch({ TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }] })
    const asked = [
      'co',
      "exec ''",
      'exec w',
      'connect --end',
      "connect web --endpoint ''",
      "exec web -- ''",
      'map -o j',
    ]
    const script = `${BASH}${asked.map((line) => `try isthmus ${line}`).join('\n')}`
    const [registered, ...found] = (await inShell('bash', here.stateDir, script)).trimEnd().split('\n')
    assert.equal(registered, 'complete -o default -F _isthmus isthmus')
    assert.deepEqual(found, [
      'completion connect console',
      'internet my-db web',
      'web',
      '--endpoint',
      'auto',
      '',
      'json',
    ])
  })

  test('is silent where no server runs', async () => {
    const found = await inShell('bash', '/nonexistent', `${BASH}try isthmus exec ''; try isthmus exe`)
    assert.deepEqual(found.split('\n').slice(1), ['', 'exec', ''])
  })
})

describe('completion in other shells', () => {
  for (const shell of ['zsh', 'fish'])
    test(`is a script that ${shell} reads`, { skip: has(shell) }, async () => {
      const run = shell === 'zsh' ? 'autoload -U compinit; compinit -u; ' : ''
      const script = await inShell('bash', '/nonexistent', `isthmus completion ${shell}`)
      assert.equal(spawnSync(shell, ['-c', `${run}${script}`]).status, 0)
    })
})

test('what may come next is read off the commands: values of options, variadic arguments, hidden commands', async () => {
  const program = new Command('p')
  program.command('run').argument('<name>').argument('[files...]').option('-s, --state <dir>').option('--all')
  program.command('secret', { hidden: true })
  const group = program.command('group')
  group.command('one').addOption(new Option('-k, --kind <kind>').choices(['x', 'y']))
  const asked: unknown[] = []
  const complete = (...words: string[]) =>
    candidates(program, words, async (command, what, options) => {
      asked.push([command.name(), what, options])
      return ['n1', 'n2']
    })
  assert.deepEqual(await complete(''), ['group', 'help', 'run'])
  assert.deepEqual(await complete('group', ''), ['help', 'one'])
  assert.deepEqual(await complete('group', 'one', '-k', ''), ['x', 'y'])
  assert.deepEqual(await complete('group', 'one', ''), [])
  assert.deepEqual(await complete('run', '--'), ['--all', '--help', '--state'])
  assert.deepEqual(await complete('run', '--state', '/x', '--all', 'n'), ['n1', 'n2'])
  assert.deepEqual(await complete('run', 'a', 'b', 'c', 'n2'), ['n2'])
  assert.deepEqual(asked, [
    ['run', 'name', { state: '/x' }],
    ['run', 'files', {}],
  ])
})
