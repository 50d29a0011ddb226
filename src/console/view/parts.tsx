import type { Child } from "hono/jsx";
import { addressOf, isMasked, type View } from "./view.ts";

/** How good or bad something is. Each has a word or a sign beside its colour. */
export type Tone = "good" | "warn" | "bad" | "quiet" | "plain";

export function Badge({ tone, children }: { tone: Tone; children?: Child }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** The outcomes of the journal, by what they mean to an operator. Later releases may know others. */
const toneOf = new Map<string, Tone>([
  ["applied", "good"],
  ["unchanged", "good"],
  ["done", "good"],
  ["published", "good"],
  ["released", "good"],
  ["redriven", "good"],
  ["held", "warn"],
  ["deferred", "warn"],
  ["busy", "warn"],
  ["changed", "warn"],
  ["untouched", "warn"],
  ["rejected", "bad"],
  ["failed", "bad"],
  ["notSent", "bad"],
  ["notDeleted", "bad"],
  ["notJournalled", "bad"],
]);

export function OutcomeBadge({ outcome }: { outcome: string }) {
  return <Badge tone={toneOf.get(outcome) ?? "quiet"}>{outcome}</Badge>;
}

/** A person's id, which leads to everything about the person. */
export function PersonLink({ id }: { id: string }) {
  if (isMasked(id)) return <span class="id">{id}</span>;
  return (
    <a class="id" href={addressOf("/person", { id })}>
      {id}
    </a>
  );
}

export function Notice({ tone, title, children }: { tone: Tone; title: string; children?: Child }) {
  return (
    <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** Nothing is there, and what to do now. */
export function EmptyState({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** The command that does or shows the same. */
export function CommandLine({
  text,
  label = "The same on the command line",
}: {
  text: string;
  label?: string;
}) {
  return (
    <div class="command">
      <span class="command-label">{label}</span>
      <code>{text}</code>
    </div>
  );
}

/** A table that stays readable on a narrow screen: each row becomes a card there, so each cell names its column. */
export function Table({
  caption,
  headings,
  rows,
}: {
  caption: string;
  headings: readonly string[];
  rows: readonly (readonly Child[])[];
}) {
  return (
    <table class="rows">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {headings.map((heading) => (
            <th scope="col">{heading}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr>
            {cells.map((cell, index) => (
              <td data-label={headings[index]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A form that changes or asks something; it works without script. */
export function PostForm({
  view,
  action,
  children,
  ...rest
}: {
  view: View;
  action: string;
  children?: Child;
  class?: string;
  id?: string;
  enctype?: "multipart/form-data";
  role?: string;
  "data-ticks"?: string;
}) {
  return (
    <form method="post" action={action} {...rest}>
      <input type="hidden" name="token" value={view.formToken(action)} />
      {children}
    </form>
  );
}

/** A field of a filter. Its name is its id, so that a page has one of a name. */
export function TextField({
  name,
  label,
  value,
}: {
  name: string;
  label: string;
  value: string | undefined;
}) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} value={value} autocomplete="off" />
    </div>
  );
}

/** One of some, or all of them. */
export function SelectField<Option extends string>({
  name,
  label,
  all,
  options,
  optionText = (option) => option,
  chosen,
}: {
  name: string;
  label: string;
  all: string;
  options: readonly Option[];
  optionText?: (option: Option) => string;
  chosen: Option | undefined;
}) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option value={option} selected={option === chosen}>
            {optionText(option)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The operator's reason, for the journal. */
export function ReasonField({
  id,
  value,
  hint = "It stands in the journal, with your name.",
}: {
  id: string;
  value?: string;
  hint?: string;
}) {
  return (
    <div class="field">
      <label for={id}>Reason</label>
      <input
        id={id}
        name="because"
        value={value}
        type="text"
        required
        maxlength={500}
        autocomplete="off"
        aria-describedby={`${id}-hint`}
      />
      <span class="hint" id={`${id}-hint`}>
        {hint}
      </span>
    </div>
  );
}

/** Stands in the place of a form where nothing can be changed. */
export function ReadOnlyNote({ because }: { because: string }) {
  return (
    <p class="read-only">
      <Badge tone="quiet">read-only</Badge> {because}
    </p>
  );
}

/** Pages of a long list. */
export function Pager({
  page,
  pages,
  toAddress,
}: {
  page: number;
  pages: number;
  toAddress: (page: number) => string;
}) {
  if (pages <= 1) return null;
  return (
    <nav class="pager" aria-label="Pages of the list">
      {page > 1 ? <a href={toAddress(page - 1)}>Earlier</a> : <span class="quiet">Earlier</span>}
      <span>
        page {page.toLocaleString("en")} of {pages.toLocaleString("en")}
      </span>
      {page < pages ? <a href={toAddress(page + 1)}>Later</a> : <span class="quiet">Later</span>}
    </nav>
  );
}
