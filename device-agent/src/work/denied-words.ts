/** What a person is told who may not read what the agent keeps. In a file of its own: the launcher says it too. Pure. */

/** One line in both languages. */
export function deniedWords(path: string): string {
  return `Không có quyền đọc ${path}: hãy chạy lại với sudo. / No permission to read ${path}: run it with sudo.`;
}
