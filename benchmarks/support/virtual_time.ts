/** A clock whose hours pass as fast as the machine can compute what happens in them. */
export class VirtualTime {
  #now = 0;
  /** A binary heap: the earliest is first. */
  readonly #timers: { readonly at: number; readonly wake: () => void }[] = [];

  /** In milliseconds since the start. */
  readonly now = (): number => this.#now;

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => this.#push({ at: this.#now + Math.max(0, milliseconds), wake }));

  /** Advances until nobody sleeps any more. */
  async run(): Promise<void> {
    for (let next = this.#pop(); next !== undefined; next = this.#pop()) {
      this.#now = next.at;
      next.wake();
      // All promises that follow from this are settled before the next macrotask.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #push(timer: { readonly at: number; readonly wake: () => void }): void {
    const heap = this.#timers;
    let child = heap.push(timer) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if ((heap[parent]?.at ?? 0) <= timer.at) break;
      [heap[child], heap[parent]] = [heap[parent] ?? timer, timer];
      child = parent;
    }
  }

  #pop() {
    const heap = this.#timers;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let parent = 0;;) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      let least = parent;
      for (const child of [left, right]) {
        if ((heap[child]?.at ?? Infinity) < (heap[least]?.at ?? Infinity)) least = child;
      }
      if (least === parent) return first;
      [heap[least], heap[parent]] = [heap[parent] ?? last, heap[least] ?? last];
      parent = least;
    }
  }
}
