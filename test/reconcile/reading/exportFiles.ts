import { readdirSync } from "node:fs";

// Exports in the forms in which HR systems write them, made after public reports. The directory has Ada, Bob, Cy, Eve and O'Brien,
// who are active, and Dee, who is suspended; most exports say that Bob has left. `passed` holds those that were right from the start,
// `presets` one for each system whose own page gives the headings.

export const folder = new URL("../../fixtures/rosters/", import.meta.url);
export const files = ["", "passed/", "presets/"].flatMap((part) =>
  readdirSync(new URL(part, folder))
    .filter((name) => name.includes(".") && !/\.(?:args|policy\.yml)$/.test(name))
    .map((name) => part + name),
);

export const bobLeaves = { changes: ["leaver bob"], findings: [] };

/** What is not as in most of them: what would be done, or why the roster stops. */
export const expectations: Record<string, { changes: string[]; findings: string[] } | string> = {
  "04-windows1252.csv": "name its encoding in the policy: roster.encoding, windows-1252",
  "24-no-final-newline.csv": "the last line has no end",
  "42-excel-serial.csv": "Say which in the policy: roster.dates: excel",
  "48-utc-midnight-local.csv": { changes: [], findings: ["unlisted bob"] },
  "64-empty-status.csv": { ...bobLeaves, findings: ["conflict dee: row 5: the status is empty"] },
  "85-xlsx-by-mistake.xlsx": "save it as CSV",
  "86-xml-report.xml": "got XML",
  "87-html-login.html": "got a web page, perhaps that of a log-in",
  "95-single-object.json": {
    changes: [],
    findings: ["unlisted bob", "unlisted cy", "unlisted eve", "unlisted o'brien"],
  },
  "96-bigint-ids.json": { ...bobLeaves, findings: ["unlisted eve", "unlisted o'brien"] },
  "98-null-status.json": { ...bobLeaves, findings: ["conflict dee: row 4: the status is empty"] },
  "99b-report-total-rows.json": "got a part of it",
  "a1-rehire-old-termination-kept.csv": {
    ...bobLeaves,
    findings: ["conflict cy: row 4: the status says that the person is there"],
  },
  "a3-bigint-one-left.json": { ...bobLeaves, findings: ["unlisted cy", "unlisted o'brien"] },
  "a7-null-email-word.csv": { ...bobLeaves, findings: ["unlisted o'brien"] },
  "c7-empty-status-left-blank.csv": { ...bobLeaves, findings: ["conflict dee: row 5: the status is empty"] },
  "passed/32-dup-header-same.csv": "expected one column for email; got two",
  "passed/54-zwsp-id.csv": "without invisible characters",
  "passed/56-fullwidth-at.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/57-mailto.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/58-name-angle.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/59-two-emails.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/60-trailing-dot-comma.csv": "line 3, column Work_Email: expected an e-mail address",
  "passed/65-status-codes.csv": "name others in the policy's roster.present and roster.left",
  "passed/68-garden-leave.csv": "name others in the policy's roster.present and roster.left",
  "passed/70-sci-notation-id.csv": {
    changes: [],
    findings: ["conflict bob: a further account of the person, which stays as it is"],
  },
  "passed/71-leading-zero-lost.csv": {
    ...bobLeaves,
    findings: ["conflict ada: the one address of 00001, 1"],
  },
  "passed/72-shared-email.csv": { ...bobLeaves, findings: ["conflict ada: the one address of 1, C-7"] },
  "passed/73-rehire-new-id.csv": { changes: [], findings: [] },
  "passed/74-rehire-same-row.csv": { changes: ["leaver bob", "returner dee"], findings: [] },
  "passed/76-two-jobs.csv": { ...bobLeaves, findings: ["conflict -: rows 2, 8 differ"] },
  "passed/79-rescinded-hire.csv": "name others in the policy's roster.present and roster.left",
  "passed/80-hired-today-tz.csv": { changes: ["leaver bob", "joiner ike"], findings: [] },
  "passed/81-last-day-tz.csv": { changes: ["leaver ada", "leaver bob"], findings: [] },
  "passed/82-plus-address.csv": { changes: ["leaver bob", "joiner cy+hr"], findings: ["unlisted cy"] },
  "passed/83-idn.csv": { changes: ["leaver bob", "joiner jörg"], findings: [] },
  "passed/84-header-only.csv": "the roster gives access to nobody",
  "passed/a8-terminated-future-last-day.csv": { changes: [], findings: [] },
  "passed/a9-deceased-status.csv": "name others in the policy's roster.present and roster.left",
  "passed/b1-nfd.csv": { changes: ["leaver bob", "joiner zoe\u0308"], findings: [] },
  "passed/b4-inner-header-repeat.csv": { changes: ["leaver bob", "joiner zed"], findings: [] },
  "passed/b5-status-trailing-note.csv": "name others in the policy's roster.present and roster.left",
  "passed/b9-empty-hire-future-status.csv": "name others in the policy's roster.present and roster.left",
  "passed/c4-zwsp-ids.csv": "without invisible characters",
};

/** The exports of which nothing may be believed. */
export const stoppingFiles = files.filter((file) => typeof expectations[file] === "string");
