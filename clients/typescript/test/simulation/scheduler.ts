/**
 * The only time in a simulated world. It stands still while code runs and moves to the next task that is due; between
 * two tasks everything that promises have set going has come to rest. Single-threaded, and the same for every run.
 */
export interface Task {
  cancelled: boolean;
}

interface Planned extends Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Once in so many steps, promises that were rejected and that nobody waits for are looked for. */
const REJECTION_STEPS = 10;

export class Scheduler {
  now = Date.parse("2026-01-01T00:00:00Z");
  steps = 0;
  private planned = 0;
  private readonly heap: Planned[] = [];

  in(ms: number, run: () => void): Task {
    const task = { at: this.now + Math.max(0, ms), order: this.planned++, run, cancelled: false };
    this.heap.push(task);
    this.rise(this.heap.length - 1);
    return task;
  }

  /** Everybody sleeps, and wakes with all that was due meanwhile overdue. */
  oversleep(ms: number): void {
    this.now += ms;
  }

  /** Runs what is due next and lets it come to rest; false when nothing is planned any more. */
  async step(): Promise<boolean> {
    let task = this.pop();
    while (task?.cancelled) task = this.pop();
    if (task === undefined) return false;
    this.now = Math.max(this.now, task.at);
    this.steps++;
    task.run();
    // Ticks come when no promise has anything left to do; Node looks for rejections that nobody took only between them.
    await new Promise(this.steps % REJECTION_STEPS === 0 ? setImmediate : process.nextTick);
    return true;
  }

  private pop(): Planned | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    this.heap[0] = last;
    this.sink();
    return first;
  }

  private rise(place: number): void {
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (before(this.heap[above]!, this.heap[place]!)) return;
      this.swap(place, above);
      place = above;
    }
  }

  private sink(): void {
    let place = 0;
    for (;;) {
      let least = place;
      for (const below of [2 * place + 1, 2 * place + 2]) {
        if (below < this.heap.length && before(this.heap[below]!, this.heap[least]!)) least = below;
      }
      if (least === place) return;
      this.swap(place, least);
      place = least;
    }
  }

  private swap(one: number, other: number): void {
    [this.heap[one], this.heap[other]] = [this.heap[other]!, this.heap[one]!];
  }
}

function before(one: Planned, other: Planned): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
