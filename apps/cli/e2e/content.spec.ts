import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { expectBadUsage } from './bad-usage.ts'
import { ABSENT, rawCid } from './cid.ts'
import { sampleText } from './text.ts'
import { succeeded, workbench } from './workbench.ts'
import type { Workbench } from './workbench.ts'

let bench: Workbench
beforeAll(() => { bench = workbench() })
afterAll(async () => { await bench.remove() })

describe('ipmr add, cat and get', () => {
  it('add prints the CID alone: CIDv1, raw leaves, whatever machine computes it', async () => {
    const path = bench.write('hello.txt', 'hello world\n')
    const { exit, stdout, stderr } = await bench.ipmr('add', path)
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: `${rawCid('hello world\n')}\n`, stderr: '' })
  })

  it('gives a file back, byte by byte, of chunks as small as 1 KiB', async () => {
    const text = sampleText(2000)
    const path = bench.write('sample.txt', text)
    const [small, large] = await Promise.all([bench.ipmr('add', path, '--chunk-size', '1k'), bench.ipmr('add', path)])
    expect(small.stdout).not.toBe(large.stdout)
    for (const { stdout } of [small, large]) {
      const { exit, stdout: content } = await bench.ipmr('cat', stdout.trim())
      expect({ exit, same: content === text }).toEqual({ exit: 0, same: true })
    }
    expect((await bench.ipmr('get', small.stdout.trim(), '-o', 'back.txt')).exit).toBe(0)
    expect(bench.read('back.txt') === text).toBe(true)
  })

  it('takes directories, and reads paths below their CID', async () => {
    bench.write('books/a.txt', 'first\n')
    bench.write('books/deep/er/b.txt', 'second\n')
    bench.write('books/empty.txt', '')
    const cid = (await bench.ipmr('add', 'books')).stdout.trim()
    expect((await bench.ipmr('cat', `${cid}/deep/er/b.txt`)).stdout).toBe('second\n')
    expect((await bench.ipmr('cat', `ipfs://${cid}/a.txt`)).stdout).toBe('first\n')
    expect((await bench.ipmr('cat', cid)).stdout).toBe('first\nsecond\n')
    expect((await bench.ipmr('get', `/ipfs/${cid}`, '-o', 'copy')).exit).toBe(0)
    expect([bench.read('copy', 'a.txt'), bench.read('copy', 'deep', 'er', 'b.txt'), bench.read('copy', 'empty.txt')]).toEqual(['first\n', 'second\n', ''])
    const again = await bench.ipmr('get', cid, '-o', 'copy')
    expect(again.exit).toBe(2)
    expect(again.stderr).toContain('not empty')
  })

  it('adds several paths, one CID a line', async () => {
    bench.write('1.txt', 'one')
    bench.write('2.txt', 'two')
    const both = await bench.ipmr('add', '1.txt', '2.txt')
    const each = [await bench.ipmr('add', '1.txt'), await bench.ipmr('add', '2.txt')]
    expect(both.stdout).toBe(each.map(({ stdout }) => stdout).join(''))
  })

  it('stops quietly when its reader does', async () => {
    const cid = (await bench.ipmr('add', bench.write('long.txt', 'x'.repeat(4_000_000)))).stdout.trim()
    const running = bench.start('cat', cid)
    running.child.stdout?.once('data', () => { running.child.stdout?.destroy() })
    const { exit, stderr } = await running.ended
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
  })

  it('says in one line what is not here, and what to do', async () => {
    const { exit, stdout, stderr } = await bench.ipmr('cat', ABSENT)
    expect(exit).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^ipmr: bafkrei\w+ is not on this machine .*--connect MULTIADDR\n$/)
  })

  it.each([
    [['cat', 'book.txt'], 'is no CID'],
    [['add', 'absent.txt'], 'no such file'],
    [['add', 'hello.txt', '--chunk-size', '12'], '1 KiB to 1 MiB'],
    [['ad', 'hello.txt'], 'Did you mean add?'],
    [['add', ''], 'cannot add "": there is no such file'],
    [['add', 'hello.txt', '--ipfs-api', 'nonsense'], '--ipfs-api nonsense: It should be the address of a daemon'],
    [['cat', ABSENT, '--ipfs-api', 'nonsense'], '--ipfs-api nonsense: It should be the address of a daemon'],
    [['cat', ''], '"" is no CID'],
    [['run', 'word-count', ''], 'there is no input ""'],
    [['run', 'word-count', 'hello.txt', '-o', 'hello.txt/out'], 'hello.txt/out is a file, or below one: name a directory'],
    [['key', 'nowhere/swarm.key'], 'cannot write the key to nowhere/swarm.key: no such file or directory (ENOENT)'],
    [['demo', '-o', 'hello.txt'], 'the demo cannot write to hello.txt: not a directory (ENOTDIR): name another directory with --output']
  ])('%j is bad usage', async (args, why) => { await expectBadUsage(bench, args, why) })

  it('names the path that a CID does not have', async () => {
    const cid = (await bench.ipmr('add', 'books')).stdout.trim()
    const { exit, stderr } = await bench.ipmr('cat', `${cid}/nope.txt`)
    expect(exit).toBe(2)
    expect(stderr).toMatch(/^ipmr: .*nope\.txt.*\n$/)
  })

  it('gc removes what nothing keeps; added files and results stay until they are named', async () => {
    const dir = ['--data-dir', 'gc-repo']
    const added = succeeded(await bench.ipmr('add', bench.write('added.txt', 'added\n'), ...dir)).trim()
    const { result } = JSON.parse(succeeded(await bench.ipmr('run', '--local', 'word-count', bench.write('loose.txt', 'loose ends\n'), ...dir, '--json', '-q'))) as { result: string }
    const counted = JSON.parse(succeeded(await bench.ipmr('gc', '--dry-run', '--json', ...dir))) as { blocks: number }
    expect(counted).toMatchObject({ blocks: expect.any(Number), kept: 1, dryRun: true })
    expect(succeeded(await bench.ipmr('cat', result, ...dir))).toContain('ends 1\n')
    expect(succeeded(await bench.ipmr('gc', ...dir))).toMatch(new RegExp(`^removed ${counted.blocks} blocks, .* B; 1 stay\\n$`))
    expect((await bench.ipmr('cat', result, ...dir)).exit).toBe(1)
    expect(succeeded(await bench.ipmr('cat', added, ...dir))).toBe('added\n')
    expect(succeeded(await bench.ipmr('gc', added, '--dry-run', ...dir))).toBe('would remove 1 block, 6 B; 0 stay\n')
    const { stdout, stderr } = await bench.ipmr('gc', result, ...dir)
    expect({ stdout, stderr }).toEqual({ stdout: 'removed 0 blocks, 0 B; 1 stay\n', stderr: `ipmr: ${result} is nothing that ipmr add or ipmr run kept here, so there was nothing to let go of\n` })
    expect(succeeded(await bench.ipmr('gc', added, ...dir))).toMatch(/^removed 1 block, 6 B; 0 stay\n$/)
  })

  it('leaves nothing behind', async () => {
    expect(bench.leftovers()).toEqual([])
    expect(await bench.processes()).toEqual([])
  })
})
