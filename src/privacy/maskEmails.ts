/**
 * Hides the person in every e-mail address of a text and keeps the domain, which is what an operator needs:
 * `ada.lovelace@example.com` becomes `a***@example.com`.
 */
export function maskEmails(text: string): string {
  return text.replaceAll(/([^\s@"'<>(),:;])[^\s@"'<>(),:;]*@([^\s@"'<>(),:;]+)/g, "$1***@$2");
}
