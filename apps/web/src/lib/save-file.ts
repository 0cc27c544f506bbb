/** Saves a text as a file through the browser. */
export function saveFile(name: string, { text, type }: { readonly text: string; readonly type: string }): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
