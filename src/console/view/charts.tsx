import type { AccountSafeguardReport } from "../../operations/operateSafeguard.ts";
import { countOf, countPeople } from "../../operations/words/plainWords.ts";

/** Charts are SVG that is made here and drawn by attributes alone; each says in words what it shows. */

const gaugeWidth = 240;

/** How near an account is to its limit in the window, or that its latch has closed. */
export function LatchGauge({ account: { accountId, latch, limits } }: { account: AccountSafeguardReport }) {
  const passed = limits.state === "on" ? limits.passed.people : 0;
  const limit = latch.state === "closed" ? latch.limit : limits.state === "on" ? limits.limit : null;
  const share = limit === null || limit === 0 ? 0 : Math.min(1, passed / limit);
  const isClosed = latch.state === "closed";
  const told = isClosed
    ? `The latch of ${accountId} is closed.`
    : `${passed} of ${limit ?? "a number not counted yet"} suspensions of ${accountId} have passed in the window.`;
  return (
    <svg
      class="gauge"
      viewBox={`0 0 ${gaugeWidth} 16`}
      role="img"
      aria-label={told}
      preserveAspectRatio="none"
    >
      <rect class="track" x="0" y="3" width={gaugeWidth} height="10" rx="5" />
      {isClosed ? (
        <rect class="fill bad" x="0" y="3" width={gaugeWidth} height="10" rx="5" />
      ) : (
        <rect
          class={`fill ${share >= 0.8 ? "warn" : "good"}`}
          x="0"
          y="3"
          width={Math.round(share * gaugeWidth)}
          height="10"
          rx="5"
        />
      )}
      {isClosed ? <path class="bolt" d={`M${gaugeWidth / 2} 0v16`} /> : null}
    </svg>
  );
}

/** One column of a chart: what stands on what, from the bottom up. */
export interface Column {
  label: string;
  parts: readonly { tone: "good" | "warn" | "bad" | "quiet"; count: number }[];
}

const columnWidth = 8;
const chartHeight = 48;

/** Columns side by side, such as the minutes of the last hour. */
export function Columns({ columns, told }: { columns: readonly Column[]; told: string }) {
  const totals = columns.map(({ parts }) => parts.reduce((sum, { count }) => sum + count, 0));
  const most = Math.max(1, ...totals);
  const width = columns.length * columnWidth;
  return (
    <svg
      class="columns"
      viewBox={`0 0 ${width} ${chartHeight}`}
      role="img"
      aria-label={told}
      preserveAspectRatio="none"
    >
      {columns.map(({ label, parts }, index) => (
        <g>
          <title>{label}</title>
          {stack(parts, most).map(({ tone, y, height }) => (
            <rect
              class={`fill ${tone}`}
              x={index * columnWidth + 1}
              y={y}
              width={columnWidth - 2}
              height={height}
            />
          ))}
        </g>
      ))}
      <path class="axis" d={`M0 ${chartHeight - 0.5}H${width}`} />
    </svg>
  );
}

function stack(parts: Column["parts"], most: number) {
  let top = chartHeight - 1;
  return parts
    .filter(({ count }) => count > 0)
    .map(({ tone, count }) => {
      // One among thousands is seen too.
      const height = Math.max(1.5, (count / most) * (chartHeight - 4));
      top -= height;
      return { tone, y: round(Math.max(0, top)), height: round(height) };
    });
}

const round = (value: number) => Math.round(value * 10) / 10;

/** How many users one call carries at most: no service takes more. */
const mostDots = 100;

/** A call as it left: a dot for each user in it. */
export function CallDots({ users, outcome }: { users: number; outcome: "good" | "bad" }) {
  const shown = Math.min(users, mostDots);
  const perRow = 25;
  const rows = Math.ceil(shown / perRow);
  return (
    <svg
      class="dots"
      width={Math.min(shown, perRow) * 7}
      height={rows * 7}
      role="img"
      aria-label={`${countOf(users, "user")} in one call`}
    >
      {Array.from({ length: shown }, (_, index) => (
        <circle
          class={`fill ${outcome}`}
          cx={(index % perRow) * 7 + 3}
          cy={Math.floor(index / perRow) * 7 + 3}
          r="2.5"
        />
      ))}
    </svg>
  );
}

/** People by a moment: as many columns as asked for, from the first moment to the last. */
export function columnsOf(
  moments: readonly { at: number; tone: Column["parts"][number]["tone"] }[],
  { from, to, count }: { from: number; to: number; count: number },
): Column[] {
  const length = Math.max(1, to - from) / count;
  const columns = Array.from({ length: count }, (_, index) => ({
    at: from + index * length,
    tones: new Map<Column["parts"][number]["tone"], number>(),
  }));
  for (const { at, tone } of moments) {
    const column = columns[Math.min(count - 1, Math.floor((at - from) / length))];
    column?.tones.set(tone, (column.tones.get(tone) ?? 0) + 1);
  }
  return columns.map(({ at, tones }) => {
    const parts = (["good", "quiet", "warn", "bad"] as const).map((tone) => ({
      tone,
      count: tones.get(tone) ?? 0,
    }));
    const all = parts.reduce((sum, part) => sum + part.count, 0);
    return { label: `${new Date(at).toISOString().slice(11, 16)}Z: ${countPeople(all)}`, parts };
  });
}
