// Before the first paint, so that a dark screen never flashes white. In a file of its own: the page's security policy
// runs no inline scripts.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('windlass.theme') ?? 'system';
  } catch {}
  const dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
