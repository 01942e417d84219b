/**
 * Texts from one thread to another through memory that both have.
 *
 * @module
 */

/** Room for texts. What does not fit travels otherwise. */
const capacity = 262_144;
/** In front of the texts: how far they reach, and how many posts the reader has seen. */
const headerSize = 8;
/** In front of each text: its length in bytes. */
const lengthSize = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * A queue of texts with one writer and one reader. Writing takes no system call, and the reader needs
 * to be told of the first text only.
 *
 * What is posted otherwise keeps its place among the texts: none is written until the reader has seen
 * all posts, and a reader takes all texts before it looks at a post.
 *
 * The texts fill the memory from its start; a reader that has seen them all empties it. Both change
 * nothing but where the texts end, and that only if it is still what they have seen: the writer from
 * there to further on, the reader from there to the start.
 */
export class SharedTexts {
  /** The memory, to be handed to the other thread. */
  readonly memory: SharedArrayBuffer;
  /** Where the texts end, and the number of posts that were seen. */
  readonly #state: Int32Array;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  /** How far the reader has come. */
  #read = 0;
  /** How much has been posted. */
  #posts = 0;
  #isTaking = false;

  /** Creates an end; without memory, of a queue that is new. */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(headerSize + capacity)) {
    this.memory = memory;
    this.#state = new Int32Array(memory, 0, 2);
    this.#view = new DataView(memory, headerSize);
    this.#bytes = new Uint8Array(memory, headerSize);
  }

  /** Something is posted that is no text here. */
  posted(): void {
    this.#posts++;
  }

  /** The reader has looked at what was posted. */
  sawPost(): void {
    Atomics.add(this.#state, 1, 1);
  }

  /** Adds a text: `first` if there was none, so that the reader has to be told; `full` if it cannot. */
  write(text: string): "first" | "more" | "full" {
    if (Atomics.load(this.#state, 1) !== this.#posts) return "full";
    for (;;) {
      const end = Atomics.load(this.#state, 0);
      const start = end + lengthSize;
      // A character takes at most three bytes.
      if (start + text.length * 3 > this.#bytes.length) return "full";
      const { written } = encoder.encodeInto(text, this.#bytes.subarray(start));
      this.#view.setUint32(end, written);
      if (Atomics.compareExchange(this.#state, 0, end, start + written) !== end) continue;
      return end === 0 ? "first" : "more";
    }
  }

  /**
   * Takes the texts that are there, oldest first; whether others have come meanwhile, of which nobody
   * will be told.
   */
  take(taken: (text: string) => void): boolean {
    if (this.#isTaking) return false;
    const end = Atomics.load(this.#state, 0);
    if (end === 0) return false;
    this.#isTaking = true;
    try {
      while (this.#read < end) {
        const start = this.#read + lengthSize;
        this.#read = start + this.#view.getUint32(this.#read);
        taken(decoder.decode(this.#bytes.subarray(start, this.#read)));
      }
    } finally {
      this.#isTaking = false;
    }
    if (Atomics.compareExchange(this.#state, 0, end, 0) !== end) return true;
    this.#read = 0;
    return false;
  }
}
