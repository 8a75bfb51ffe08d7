/** Closes what a tree opened, where there is something to close. */
export async function close(source: object): Promise<void> {
  if ('close' in source && typeof source.close === 'function') await source.close();
}
