import { describe, expect, it } from "vitest";
import { rosterSchema } from "../../../src/policy/rosterSettings.ts";
import { readRoster } from "../../../src/reconcile/reading/readRoster.ts";

/** Reads it in pieces of a few bytes, as a slow disk would give it. */
function read(
  content: string | Uint8Array,
  settings: { askedAttributes?: readonly string[] } & Record<string, unknown> = {},
  expectedRows?: number,
) {
  const bytes = Buffer.from(content);
  async function* pieces() {
    for (let start = 0; start < bytes.length; start += 7) yield bytes.subarray(start, start + 7);
  }
  const rows = expectedRows === undefined ? {} : { expectedRows };
  const { askedAttributes = [], ...others } = settings;
  return readRoster(pieces(), {
    ...rosterSchema.parse({ lists: "present", ...others }),
    askedAttributes,
    leaveOfAbsence: "ignore",
    ...rows,
  });
}

const problemsOf = async (...args: Parameters<typeof read>) => {
  const reading = await read(...args);
  return reading.kind === "broken" ? reading.problems : reading;
};

describe("two columns of a status", () => {
  const csv = [
    "Employee_ID,Work_Email,Employment Status,Status,Active,Last Day",
    "1,a@team.example,Full-Time,Active,yes,",
    "2,b@team.example,Terminated,Active,,",
    "3,c@team.example,,Inactive,no,",
    "4,d@team.example,Part-Time,On Leave,true,",
    "5,e@team.example,Part-Time,Active,0,",
    "",
  ].join("\n");
  const statuses = async (settings: Record<string, unknown> = {}) => {
    const reading = await read(csv, settings);
    return reading.kind === "read" ? reading.rows.map(({ status }) => status) : reading.problems;
  };

  it("are a conflict about whom they contradict each other, where both have a known word", async () => {
    expect(await statuses()).toEqual(["present", "differing", "left", "present", "differing"]);
  });

  it("are one, if the policy names it", async () => {
    const named = await statuses({ columns: { status: "Status" } });
    expect(named).toEqual(["present", "present", "left", "present", "present"]);
  });
});

describe("reading a roster", () => {
  it("takes CSV as a spreadsheet writes it, with the obvious headings in any spelling", async () => {
    const csv =
      '\uFEFFEmployee_ID,"Work Email",Status,Hire Date,Termination Date,Job Title,Office\r\n' +
      '1, Ada@Team.example ,Active,2020-01-05,,"Engineer, senior",Böblingen\r\n' +
      "\r\n" +
      "2,bob@team.example,TERMINATED,2019-03-01-08:00,2026-05-14T00:00:00Z,,\r\n" +
      "3,,active,,,,\r\n";
    expect(await read(csv)).toMatchObject({
      kind: "read",
      rows: [
        {
          number: 2,
          personId: "1",
          email: "ada@team.example",
          status: "present",
          hireDate: "2020-01-05",
          role: "Engineer, senior",
        },
        {
          number: 4,
          personId: "2",
          email: "bob@team.example",
          status: "left",
          hireDate: "2019-03-01",
          lastDay: "2026-05-14",
        },
        { number: 5, personId: "3", status: "present" },
      ],
    });
  });

  it("reads names where there are columns for them, and a wrong one breaks no row", async () => {
    const csv = [
      "Employee_ID,Work Email,First Name,Last_Name,Display Name,Department",
      "1,ada@team.example, Ada ,King,,Maths",
      `2,bob@team.example,Bob,${"x".repeat(257)},Bob\u0007,`,
      "3,eve@team.example,,,,",
      "",
    ].join("\n");
    expect(await read(csv, { askedAttributes: ["department"] })).toMatchObject({
      rows: [
        {
          personId: "1",
          attributes: { department: "Maths" },
          profile: { givenName: "Ada", familyName: "King", department: "Maths" },
        },
        { personId: "2", profile: { givenName: "Bob" }, droppedTexts: 2 },
        { number: 4, personId: "3" },
      ],
    });
  });

  it("takes the one number that identifies people for the number in HR as well, and the names of a policy's columns", async () => {
    const entries = [{ "Employee Number": 7, Email: "ada@team.example", Name: "Ada" }];
    expect(await read(JSON.stringify(entries), { columns: { displayName: "Name" } })).toMatchObject({
      rows: [{ personId: "7", profile: { displayName: "Ada", employeeNumber: "7" } }],
    });
  });

  it("reads no name of which there are two columns, and stops at one that the policy names", async () => {
    const csv = "id,email,Department,department\n1,ada@team.example,Maths,Physics\n";
    expect(await read(csv)).toMatchObject({
      rows: [{ number: 2, personId: "1", email: "ada@team.example" }],
    });
    expect(await problemsOf(csv, { columns: { department: "Department" } })).toEqual([
      "expected one column for department; got two. Name it with --column department=NAME, or in the policy's roster.columns",
    ]);
    expect(await problemsOf(csv, { columns: { displayName: "Name" } })).toMatchObject([
      expect.stringMatching(/^expected a column for displayName, such as Name; got 4 columns/),
    ]);
  });

  it("takes a Workday report and an array of objects, whose entries leave out what is empty", async () => {
    const entries = [
      { Employee_ID: 1, Email_Address: "ada@team.example", Termination_Date: null },
      { Employee_ID: "2", Termination_Date: "2026-05-14" },
    ];
    const rows = [
      { number: 1, personId: "1", email: "ada@team.example" },
      { number: 2, personId: "2", lastDay: "2026-05-14" },
    ];
    for (const json of [{ Report_Entry: entries }, entries])
      expect(await read(`\n ${JSON.stringify(json)}`)).toMatchObject({ kind: "read", rows });
  });

  it("takes columns, words and a delimiter from the policy", async () => {
    const csv = "Pers.-Nr.;Adresse;Status;id\n7;ada@team.example;ausgetreten;x\n";
    const columns = { personId: "Pers.-Nr.", email: "Adresse", role: "-" };
    expect(await read(csv, { columns, delimiter: ";", left: ["Ausgetreten"] })).toMatchObject({
      kind: "read",
      rows: [{ number: 2, personId: "7", email: "ada@team.example", status: "left" }],
    });
  });

  it("takes several earlier addresses from one cell", async () => {
    const csv = "id,email,previous emails\n1,ada@team.example,A@x.example; b@x.example\n";
    expect(await read(csv)).toMatchObject({ rows: [{ previousEmails: ["a@x.example", "b@x.example"] }] });
  });

  it.each([
    ["nothing", "", "the roster is empty: expected a line of headings and a line per person"],
    ["an empty array", "[]", "the roster is empty: expected an entry per person"],
    [
      "a last line without an end",
      "id,email\n1,ada@team.example",
      "the last line has no end, so the file may have been cut off; export it again. If you know that it is whole, say how many rows it has (--rows), or set roster.finalNewline: false in the policy",
    ],
    [
      "a cell without an end",
      'id,email\n1,"ada@team.example\n',
      "line 2: expected a quotation mark that closes the cell; got the end of the file, which may have been cut off",
    ],
    [
      "a row with more cells than headings",
      "id,email\n1,ada@team.example\n2,bob@team.example,sales\n",
      "line 3: expected 2 cells, as there are headings; got 3. Is a cell with a delimiter in it not in quotation marks?",
    ],
    [
      "a quotation mark that is left open until another one",
      'id,email,name\n1,ada@team.example,"Ada\n2,bob@team.example,Bob\n3,cy@team.example,Cy"\n',
      "line 4: expected a cell; got one that holds whole rows. Is a quotation mark left open above?",
    ],
    [
      "JSON without its end",
      '[{"id":"1","email":"ada@team.example"}',
      "expected JSON that is complete, or a JSON object on each line; the file may have been cut off, so export it again",
    ],
    [
      "JSON with two lists",
      '{"staff":[{"id":"1"}],"guests":[{"id":"2"}]}',
      'expected an array of objects, or an object with one, such as {"employees": […]}; got other JSON. Say where the list is in the policy: roster.rows: data.employees',
    ],
    ["an entry that is no object", "[1]", "entry 1: expected an object; got something else"],
    [
      "no column for the address",
      "id,mailbox\n1,x\n",
      "expected a column for email, such as workEmail; got 2 columns, none of which has such a name. Name it with --column email=NAME, or in the policy's roster.columns",
    ],
    [
      "two columns for the address",
      "id,email,E-Mail\n1,x,y\n",
      "expected one column for email; got two. Name it with --column email=NAME, or in the policy's roster.columns",
    ],
  ])("rejects %s as a whole", async (_, content, problem) => {
    expect(await problemsOf(content)).toEqual([problem]);
  });

  it("rejects a roster with broken rows, and names each by line and column without its value", async () => {
    const csv =
      "Employee ID,Work Email,Active Status,Hire Date\n1,ada@team.example,1,2026-13-01\n,bob,perhaps,\n";
    expect(await problemsOf(csv, { present: ["1"], left: ["0"] })).toEqual([
      "line 3, column Employee ID: expected printable text of 1 to 128 characters without white space around it; got nothing",
      "line 3, column Work Email: expected an e-mail address of at most 254 characters, such as ada@example.com; got a string of 3 characters",
      "line 3, column Active Status: expected one of on leave, leave of absence, leave, 1, 0 (name others in the policy's roster.present and roster.left); got a string of 7 characters",
      "line 2, column Hire Date: expected a date of the calendar, such as 2026-05-14; got something else",
    ]);
  });

  it("takes no day of the year 0, before which no calendar of ours has a day", async () => {
    const csv = "id,email,hireDate\n1,ada@team.example,0001-01-01\n2,bob@team.example,0000-01-01\n";
    expect(await problemsOf(csv)).toEqual([
      "line 3, column hireDate: expected a date of the calendar, such as 2026-05-14; got something else",
    ]);
  });

  it("reports the first ten problems of a file in which every row is broken", async () => {
    const csv = `id,email\n${"1,nobody\n".repeat(1000)}`;
    expect(await problemsOf(csv)).toHaveLength(10);
  });

  it.each([
    [
      "the manager's address",
      '{"employeeId":"1","email":"ada@team.example","status":"terminated","manager":{"name":"B","workEmail":"boss@team.example"}}',
    ],
    [
      "the manager's status",
      '{"employeeId":"1","email":"ada@team.example","active":false,"manager":{"name":"B","status":"Active"}}',
    ],
    [
      "the end of a leave",
      '{"employeeId":"1","email":"ada@team.example","status":"left","leave":{"type":"parental","endDate":"2026-05-10"}}',
    ],
    [
      "the manager's id",
      '{"id":"1","email":"ada@team.example","status":"left","manager":{"name":"B","employeeId":"9"}}',
    ],
  ])("never takes what is nested in another object for the person's own: %s", async (_, entry) => {
    const reading = await read(`[${entry}]`, { lists: "everybody" });
    expect(reading).toMatchObject({ rows: [{ personId: "1", email: "ada@team.example", status: "left" }] });
    expect(reading.kind === "read" && reading.rows[0]?.lastDay).toBe(undefined);
  });

  it.each([
    [
      "a page, by roster.rows",
      '{"data":{"employees":[{"id":"1","email":"a@team.example"}],"hasMore":true}}',
      { rows: "data.employees" },
    ],
    [
      "a page, by its own fields",
      '{"employees":[{"id":"1","email":"a@team.example"}],"meta":{"total":500}}',
      {},
    ],
    [
      "a list of leavers beside it",
      '{"employees":[{"id":"1","email":"a@team.example"}],"terminated":[{"id":"2","email":"b@team.example"}]}',
      {},
    ],
    [
      "two tables in one file",
      "Active\nid,email\n1,a@team.example\n\nLeavers\nid,email,status\n2,b@team.example,left\n",
      {},
    ],
    ["a cut row that begins as a total does", "name,id,email\nAbel,1,a@team.example\nRowe,2", {}],
  ])("stops at %s", async (_, content, settings) => {
    expect(await read(content, settings)).toMatchObject({ kind: "broken" });
  });

  it("requires a column that the policy names, though the field is optional", async () => {
    const csv = "id,email\n1,ada@team.example\n";
    expect(await problemsOf(csv, { columns: { lastDay: "Austritt" } })).toEqual([
      "expected a column for lastDay, such as Austritt; got 2 columns, none of which has such a name. Name it with --column lastDay=NAME, or in the policy's roster.columns",
    ]);
  });

  it("requires as many rows as the user says", async () => {
    const csv = "id,email\n1,ada@team.example\n";
    expect(await problemsOf(csv, {}, 2)).toEqual(["expected 2 rows; got 1"]);
    expect(await read(csv, {}, 1)).toMatchObject({ kind: "read" });
  });

  it("requires UTF-8, because another encoding would alter names", async () => {
    const latin1 = Buffer.from("id,email,role\n1,ada@team.example,Geschäftsführung\n", "latin1");
    expect(await problemsOf(latin1)).toEqual([
      "expected UTF-8; got bytes that it does not have: save the file as UTF-8, or name its encoding in the policy: roster.encoding, windows-1252 for a CSV file of Excel",
    ]);
  });
});
