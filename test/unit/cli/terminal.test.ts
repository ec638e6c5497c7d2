import { processTerminal } from '../../../cli/terminal'

test('a first signal of another kind ends nothing: it may be the same one, handed on by a parent', () => {
  const before = { int: process.listenerCount('SIGINT'), term: process.listenerCount('SIGTERM') }
  const signal = processTerminal().interrupted()
  process.emit('SIGINT', 'SIGINT')
  expect(signal.reason).toBe('SIGINT')
  // A second SIGINT is the system's to handle, a SIGTERM not yet.
  expect(process.listenerCount('SIGINT')).toBe(before.int)
  expect(process.listenerCount('SIGTERM')).toBe(before.term + 1)
  process.emit('SIGTERM', 'SIGTERM')
  expect(signal.reason).toBe('SIGINT')
  expect(process.listenerCount('SIGTERM')).toBe(before.term)
})
