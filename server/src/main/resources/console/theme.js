// Chooses dark or light before anything is drawn; kept in this browser only. A plain script, so that it runs first.
(() => {
  const KEY = 'marina-theme';
  const read = () => {
    try {
      return localStorage.getItem(KEY) ?? 'system';
    } catch {
      return 'system';
    }
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const choice = read();
    document.documentElement.dataset.theme = choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
    document.dispatchEvent(new Event('theme'));
  };
  dark.addEventListener('change', apply);
  window.marinaTheme = {
    read,
    choose(choice) {
      try {
        localStorage.setItem(KEY, choice);
      } catch {
        document.documentElement.dataset.theme = choice === 'light' ? 'light' : 'dark';
      }
      apply();
    },
  };
  apply();
})();
