/**
 * What a page does by itself: it reads itself again when there is news, ticks rows by the keyboard, and says when the console has
 * ended. Everything works without it. Nothing but this console is ever asked.
 */

const { live, seconds } = document.body.dataset;
const news = document.getElementById("news");

/** @param {string} text */
function tell(text) {
  if (news === null) return;
  news.textContent = text;
  news.hidden = text === "";
}

// The page reads itself again

let isReading = false;
let isDue = false;

/** Puts what is fresh in the place of what the page shows, part by part, and leaves alone where somebody is at work. */
async function readAgain() {
  const parts = document.querySelectorAll("[data-fresh]");
  if (parts.length === 0 || document.hidden) return;
  if (isReading) {
    isDue = true;
    return;
  }
  isReading = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Rollcall-Live": "1" } });
    if (answer.status === 403) return tell("This console began anew: open the address that it printed.");
    if (!answer.ok) return tell("The console could not read this page again; what you see may be old.");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      if (fresh === null || isInUse(part)) continue;
      part.replaceWith(document.adoptNode(fresh));
    }
    tell("");
  } catch {
    tell(endedText);
  } finally {
    isReading = false;
    if (isDue) {
      isDue = false;
      soon();
    }
  }
}

/** @param {Element} part */
function isInUse(part) {
  const selection = getSelection();
  const isSelected = selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode);
  return isSelected || (document.activeElement !== document.body && part.contains(document.activeElement));
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
const leastMilliseconds = 700;

/** News come in bursts: they are read once. */
function soon() {
  if (timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    void readAgain();
  }, leastMilliseconds);
}

const endedText =
  "The console has ended, or cannot be reached. What you see is old; begin again with rollcall console.";

/** @param {string} heard a kind of news */
function hear(heard) {
  tell(heard === "error" ? endedText : "");
  if (heard !== "error") soon();
}

if (live === "push") {
  // A browser has six connections to a host, and a tab that listens keeps one: so one tab listens for all.
  const tabs = new BroadcastChannel("news");
  tabs.addEventListener("message", ({ data }) => hear(data));
  const listen = () =>
    new Promise(() => {
      const stream = new EventSource("/news");
      for (const kind of ["changed", "open", "error"])
        stream.addEventListener(kind, () => {
          hear(kind);
          tabs.postMessage(kind);
        });
    });
  // Kept until the tab is closed; then another has it.
  void navigator.locks.request("news", listen);
} else if (live === "poll") {
  setInterval(() => void readAgain(), Number(seconds) * 1000);
}
// What is under way is looked at more often, and times that pass are told anew.
setInterval(() => {
  if (document.querySelector('[data-fresh="fast"]') !== null) void readAgain();
}, 1000);
setInterval(() => void readAgain(), 60_000);
document.addEventListener("visibilitychange", () => void readAgain());

// Rows that can be ticked

/** @type {HTMLInputElement | undefined} */
let lastTicked;

for (const form of document.querySelectorAll("form[data-ticks]")) {
  /** @type {HTMLInputElement[]} */
  const boxes = [...form.querySelectorAll(`input[name="${form.getAttribute("data-ticks")}"]`)].filter(
    (each) => each instanceof HTMLInputElement,
  );
  const all = form.querySelector(".tick-all");
  const count = form.querySelector(".tick-count");

  const tellCount = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    if (count !== null) count.textContent = `(${ticked.toLocaleString("en")})`;
    if (all instanceof HTMLInputElement) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };
  if (all instanceof HTMLInputElement) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      tellCount();
    });
  }
  for (const [index, box] of boxes.entries()) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && lastTicked !== undefined) {
        const [from, to] = [boxes.indexOf(lastTicked), index].toSorted((a, b) => a - b);
        for (const between of boxes.slice(from, Number(to) + 1)) between.checked = box.checked;
      }
      lastTicked = box;
      tellCount();
    });
    box.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      boxes[index + step]?.focus();
    });
  }
  form.addEventListener("change", tellCount);
  tellCount();
}

// Keys

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  document.getElementById("find")?.focus();
});

// An export was true when its file was written

const roster = document.getElementById("roster");
const asOf = document.getElementById("asOf");
if (roster instanceof HTMLInputElement && asOf instanceof HTMLInputElement)
  roster.addEventListener("change", () => {
    const [file] = roster.files ?? [];
    if (file === undefined) return;
    const offset = new Date(file.lastModified).getTimezoneOffset() * 60_000;
    asOf.value = new Date(file.lastModified - offset).toISOString().slice(0, 19);
  });

// The command line beside a form says what is typed

for (const form of document.querySelectorAll("form")) {
  const code = form.querySelector(".command code");
  if (code === null) continue;
  const begun = code.textContent ?? "";
  form.addEventListener("input", () => {
    let text = begun;
    for (const [name, flag] of [
      ["because", "because"],
      ["count", "count"],
    ]) {
      const field = form.querySelector(`[name="${name}"]`);
      if (!(field instanceof HTMLInputElement) || field.value === "") continue;
      text = text.replace(`--${flag} …`, () => `--${flag} ${word(field.value)}`);
      text = text.replace(`--${flag} "…"`, () => `--${flag} ${word(field.value)}`);
    }
    const hours = form.querySelector('[name="hours"]');
    if (hours instanceof HTMLInputElement && hours.value !== "")
      text = text.replace("--until 2h", `--until ${hours.value}h`);
    code.textContent = text;
  });
}

/** @param {string} value one word for a POSIX shell */
function word(value) {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
