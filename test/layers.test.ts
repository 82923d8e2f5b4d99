import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layerProblems } from '../scripts/layers.ts'

test('every folder imports only what lies below it, and every file keeps the style limits', () => {
  assert.deepEqual(layerProblems(), [])
})
