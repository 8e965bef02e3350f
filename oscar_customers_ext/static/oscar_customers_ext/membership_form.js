/* Another plan or another start brings another end: the page knows it, for a plan and a start in its address. */
(() => {
  const field = (name) => document.getElementById(`id_${name}`);

  const askForEnd = async () => {
    const url = new URL(window.location);
    url.search = new URLSearchParams({ plan: field('plan').value, starts_at: field('starts_at').value });
    const response = await fetch(url, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    field('ends_at').value = page.getElementById('id_ends_at').value;
  };

  document.addEventListener('change', (event) => {
    if (['id_plan', 'id_starts_at'].includes(event.target.id)) askForEnd();
  });
})();
