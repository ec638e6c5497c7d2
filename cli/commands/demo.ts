import { cliCommand } from '../cli-command'

export default cliCommand({
  name: 'demo',
  summary: 'Starts a server over the bundled samples, runs the seed rule over REST and WebSocket, shows and compares the rows, stops.',
  flags: {},
  examples: [['headstand demo', 'exit code 0 when all answers are equal']],
  async run({ terminal }) {
    const { runDemo } = require('../demo/run') as typeof import('../demo/run')
    return (await runDemo(terminal)) ? 0 : 1
  },
})
