/** What is built of the console: small, whole, and from nowhere else. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { partOf } from '../../scripts/build-console.ts'
import { actions } from '../../src/console/api/actions.ts'
import { actions as carriedOut } from '../../src/ec2/registry.ts'
import { apiOf, type Model, type Shape } from '../../src/protocol/shapes.ts'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const built = at('node_modules/.isthmus/console')
before(() => void execFileSync(at('scripts/prepare')))

describe('the console as it is built', () => {
  test('takes less than 60 kB, packed, to its first paint', () => {
    const page = readFileSync(`${built}/index.html`, 'utf8')
    const named = [...page.matchAll(/(?:src|href)="\/console\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file)
    // What these import at once is there as well before anything is drawn; what they import later is not.
    const imported = named.flatMap((file) =>
      [...readFileSync(`${built}/${file}`, 'utf8').matchAll(/(?:from|import)"\.\/([^"]+)"/g)].map(
        ([, other]) => `assets/${other}`,
      ),
    )
    const files = [...new Set(['index.html', ...named, ...imported])].map((file) => `${built}/${file}`)
    assert.ok(files.length >= 3)
    const packed = files.map((file) => gzipSync(readFileSync(file)).length).reduce((sum, size) => sum + size)
    assert.ok(packed < 60_000, `${packed} bytes`)
  })

  test('loads the terminal once somebody connects, and not before', () => {
    const page = readFileSync(`${built}/index.html`, 'utf8')
    const terminals = globSync(`${built}/assets/*.js`).filter((file) =>
      readFileSync(file, 'utf8').includes('xterm-rows'),
    )
    assert.equal(terminals.length, 1)
    assert.ok(!page.includes(terminals[0]?.split('/').at(-1) as string))
  })

  test('names no other server, but for the names of standards', () => {
    for (const file of globSync(`${built}/**/*.{html,js,css}`)) {
      const text = readFileSync(file, 'utf8')
      const named = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([url]) => url)
      assert.deepEqual(
        // An error of marked's says where to report it.
        named.filter((url) => url !== 'http://www.w3.org' && !text.includes(`${url}/markedjs/marked.`)),
        [],
        file,
      )
      assert.doesNotMatch(text, /\beval\(|new Function\(|document\.write/, file)
    }
  })

  test('never takes a text for markup', () => {
    for (const file of globSync(at('src/console/**/*.{ts,tsx}')))
      assert.doesNotMatch(readFileSync(file, 'utf8'), /innerHTML|insertAdjacentHTML|createContextualFragment/i, file)
  })

  test('knows every action that it calls, calls every one that it knows, and the server carries them out', () => {
    const sources = [...globSync(at('src/console/**/*.{ts,tsx}')), ...globSync(at('src/wizard/*.ts'))]
    const text = sources
      .filter((file) => !file.endsWith('api/actions.ts'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
    const names = Object.keys(carriedOut).filter((action) => text.includes(`'${action}'`))
    // Of what a fix may need, the analyzer decides.
    const ofFixes = actions.filter((action) => !names.includes(action))
    assert.deepEqual(
      names.filter((action) => !(actions as readonly string[]).includes(action)),
      [],
    )
    const fixes = globSync(at('src/analyzer/fix/*.ts'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
    assert.deepEqual(
      ofFixes.filter((action) => !fixes.includes(action)),
      [],
    )
    assert.deepEqual(
      actions.filter((action) => !Object.hasOwn(carriedOut, action)),
      [],
    )
  })

  test('knows every action of the fixes that the analyzer proposes', () => {
    const fixes = globSync(at('src/analyzer/fix/*.ts'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
    const proposed = Object.keys(carriedOut).filter((action) => fixes.includes(`'${action}'`))
    assert.ok(proposed.length > 5)
    assert.deepEqual(
      proposed.filter((action) => !(actions as readonly string[]).includes(action)),
      [],
    )
  })

  test('has of the model what its actions reach', () => {
    const whole = JSON.parse(readFileSync(at('model/ec2.json'), 'utf8')) as Model
    const part = partOf(whole, actions)
    const structures = (shape: Shape | undefined, seen = new Set<string>()): ReadonlySet<string> => {
      if (shape?.type === 'list') return structures(shape.of, seen)
      if (shape?.type !== 'structure' || seen.has(shape.name)) return seen
      seen.add(shape.name)
      for (const member of shape.members) structures(member.shape, seen)
      return seen
    }
    for (const action of actions) {
      const [one, other] = [whole, part].map((model) => apiOf(() => model)(action))
      assert.deepEqual([...structures(other?.input)], [...structures(one?.input)], action)
      assert.deepEqual([...structures(other?.output)], [...structures(one?.output)], action)
    }
  })
})
