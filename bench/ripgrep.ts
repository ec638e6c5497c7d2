import { spawn, spawnSync } from 'node:child_process'
import type { DataSet } from './data-set'

/** Whether ripgrep is there. */
export const hasRipgrep = (): boolean => spawnSync('rg', ['--version']).status === 0

/** Lines with a text, counted by ripgrep. The whole file is read: `-c` stops nowhere. */
export function countLines(data: DataSet, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('rg', ['-F', '-c', '--text', text, data.raw], { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', () => resolve(Number(out)))
  })
}
