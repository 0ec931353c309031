import { SPLIT_TAIL_BYTES, type Fetched, type Lent, type RangeOptions, type SplitRange } from '@ipfs-mapreduce/mapreduce'

/** Bytes that are fetched in one call; what is smaller is mapped when it is here whole. */
export const PIECE_BYTES = 2 * 1024 * 1024
/** Pieces fetched at once: together as much as the `Files` port has under way for one of its reads. */
export const PIECES_AT_ONCE = 4

export interface PrefetchInit {
  splits: readonly SplitRange[]
  fetch: (cid: string, range: { offset: number, length: number }) => Promise<Fetched>
  /** Called when the last of the last split is handed to its reader; again where that is read again. */
  onLast?: () => void
}

/** A part of a split's bytes, and when it is here. */
interface Piece {
  cid: string
  start: number
  end: number
  here: PromiseWithResolvers<void>
  isHere: boolean
}

/**
 * Makes the splits of a map attempt local, a piece after another, while the pieces that are here are already read. Each byte that
 * moves is counted once, because reads of a piece wait for its fetch.
 */
export class Prefetch {
  readonly #init: PrefetchInit
  readonly #pieces: Piece[]
  readonly #waiting: Piece[]
  readonly #moved: Fetched = { bytes: 0, blocks: 0 }
  #told: Fetched = { bytes: 0, blocks: 0 }
  #all: Promise<unknown> = Promise.resolve()

  constructor (init: PrefetchInit) {
    this.#init = init
    this.#pieces = init.splits.filter(({ length }) => length > 0).flatMap(piecesOf)
    this.#waiting = [...this.#pieces]
    // Whoever waits for a piece is told; one that nobody waits for fails for nobody.
    for (const { here } of this.#pieces) here.promise.catch(() => {})
  }

  /** Begins; resolves when the first piece is here, with what has moved so far. */
  async start (): Promise<Fetched> {
    this.#all = Promise.all(Array.from({ length: PIECES_AT_ONCE }, async () => { await this.#fetchNext() }))
    this.#all.catch((error: unknown) => { this.#fail(error) })
    await this.#pieces[0]?.here.promise
    return this.#news()
  }

  /** Resolves when all is here, with what has moved since the start; rejects with the first failure of a fetch. */
  async rest (): Promise<Fetched> {
    await this.#all
    return this.#news()
  }

  /** Reads a range, by `read`, when it is here; what is in no split is read from where it is. */
  async * read<Range extends RangeOptions, Content extends Uint8Array | Lent> (cid: string, range: Range, read: (cid: string, range: Range) => AsyncIterable<Content>): AsyncGenerator<Content> {
    const start = range.offset ?? 0
    const end = start + (range.length ?? Infinity)
    for (let at = start; at < end;) {
      const stop = Math.min(await this.#hereFrom(cid, at) ?? end, end)
      let position = at
      for await (const content of read(cid, { ...range, offset: at, length: stop - at })) {
        position += lengthOf(content)
        if (this.#isLast(cid, position)) this.#init.onLast?.()
        yield content
      }
      at = stop
    }
  }

  /** Where the pieces end that are here from a position on, at least the first of them; nothing where no piece has it. */
  async #hereFrom (cid: string, position: number): Promise<number | undefined> {
    let piece = this.#pieceAt(cid, position)
    await piece?.here.promise
    let end = piece?.end
    while (piece !== undefined && piece.isHere) {
      end = piece.end
      piece = this.#pieceAt(cid, end)
    }
    return end
  }

  #pieceAt (cid: string, position: number): Piece | undefined {
    return this.#pieces.find(piece => piece.cid === cid && piece.start <= position && position < piece.end)
  }

  #isLast (cid: string, position: number): boolean {
    const last = this.#init.splits.at(-1)
    return last?.cid === cid && position >= last.offset + last.length
  }

  async #fetchNext (): Promise<void> {
    for (let piece = this.#waiting.shift(); piece !== undefined; piece = this.#waiting.shift()) {
      const { cid, start, end } = piece
      const { bytes, blocks } = await this.#init.fetch(cid, { offset: start, length: end - start })
      this.#moved.bytes += bytes
      this.#moved.blocks += blocks
      piece.isHere = true
      piece.here.resolve()
    }
  }

  #fail (error: unknown): void {
    this.#waiting.length = 0
    for (const { here } of this.#pieces) here.reject(error)
  }

  #news (): Fetched {
    const { bytes, blocks } = this.#moved
    const news = { bytes: bytes - this.#told.bytes, blocks: blocks - this.#told.blocks }
    this.#told = { bytes, blocks }
    return news
  }
}

function lengthOf (content: Uint8Array | Lent): number {
  return content instanceof Uint8Array ? content.length : content.bytes
}

/** A split's pieces, with the byte before it, by which a reader knows whether a record begins here, and the end of its last record. */
function piecesOf ({ cid, offset, length, fileBytes }: SplitRange): Piece[] {
  const end = Math.min(offset + length + SPLIT_TAIL_BYTES, fileBytes)
  const pieces: Piece[] = []
  for (let start = Math.max(offset - 1, 0); start < end; start += PIECE_BYTES) {
    pieces.push({ cid, start, end: Math.min(start + PIECE_BYTES, end), here: Promise.withResolvers<void>(), isHere: false })
  }
  return pieces
}
