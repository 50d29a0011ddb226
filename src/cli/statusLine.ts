/** One line at the foot of a terminal that is written over again and again. Silent where stderr is no terminal. */
export interface StatusLine {
  show(text: string): void;
  /** Before anything else is written, and at the end. */
  clear(): void;
}

const REDRAW_MILLISECONDS = 100;

export function statusLine(
  stream: NodeJS.WritableStream & { isTTY?: boolean },
  now: () => number,
): StatusLine {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    show(text) {
      if (now() - drawnAt < REDRAW_MILLISECONDS) return;
      drawnAt = now();
      stream.write(`\r\u001b[K${text}`);
    },
    clear: () => stream.write("\r\u001b[K"),
  };
}
