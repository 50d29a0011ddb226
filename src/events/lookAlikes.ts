// Characters that nobody sees, and letters that look like those of another alphabet. With one of them an address or an id is another
// one than it seems: a leaver stays in, an exclusion excludes nobody. Every door goes through here: it takes them out, or refuses them.

/** Takes out the characters that nobody sees, and the white space around. */
export function withoutInvisible(text: string): string {
  return plain.test(text) ? text.trim() : text.replaceAll(invisible, "").trim();
}

/** Nearly every text is plain ASCII, which is quicker to see. */
const plain = /^[\x20-\x7e]*$/;
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** The first character of an id or an address that makes it look like another; `undefined` if there is none. */
export function findLookAlike(text: string): string | undefined {
  if (plain.test(text)) return undefined;
  return unseen.exec(text)?.[0] ?? fullWidth.exec(text)?.[0] ?? findForeignLetter(text);
}

/** Also white space that is not the usual one: a non-breaking space looks like it. */
const unseen = /\p{Default_Ignorable_Code_Point}|[^\S ]/u;
/** As keyboards of East Asia write Latin letters. The apostrophe has a rule of its own (`emailAddress`). */
const fullWidth = /[\uff01-\uff06\uff08-\uff5e]/;

/** A letter of Cyrillic or Greek in a word that has a Latin one too. Whole words of another alphabet are meant. */
function findForeignLetter(text: string): string | undefined {
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  const mixed = words.find((word) => /\p{Script=Latin}/u.test(word) && foreign.test(word));
  return mixed === undefined ? undefined : foreign.exec(mixed)?.[0];
}

const foreign = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

export function isUnmistakable(text: string): boolean {
  return findLookAlike(text) === undefined;
}

/** What a text has to be where `isUnmistakable` refuses it. */
export const unmistakable =
  "without invisible characters, or letters that look like those of another alphabet";

/** Gives a heading the Latin letters that it seems to have. Nobody is known by a heading, so it need not be refused. */
export function asItLooks(heading: string): string {
  if (plain.test(heading)) return heading;
  const visible = withoutInvisible(heading).normalize("NFKC");
  if (findForeignLetter(visible) === undefined) return visible;
  return [...visible].map((letter) => latinOf.get(letter) ?? letter).join("");
}

/** The Cyrillic and Greek letters that look like Latin ones. https://www.unicode.org/reports/tr39/#Confusable_Detection */
const latinOf = new Map(
  [
    ["аеорсухіјѕԁԛԝһ", "aeopcyxijsdqwh"],
    ["АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS"],
    ["αονρυ", "aovpu"],
    ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"],
  ].flatMap(([foreignOnes = "", latin = ""]) =>
    [...foreignOnes].map((letter, index) => [letter, latin[index] ?? letter] as const),
  ),
);
