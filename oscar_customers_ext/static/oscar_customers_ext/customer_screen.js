/* Fills a tab when it is first seen, so that opening a customer costs the same with one order and with a thousand. */
class CustomersLazyTab extends window.StimulusModule.Controller {
  connect() {
    this.observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        this.observer.disconnect();
        this.load(this.urlValue);
      }
    });
    this.observer.observe(this.element);
  }

  disconnect() {
    this.observer.disconnect();
  }

  /* A link within the tab that leads to another part of its content. */
  follow(event) {
    const link = event.target.closest('[data-customers-lazy-tab-link]');
    if (!link) return;
    event.preventDefault();
    this.load(link.href);
  }

  async load(url) {
    this.element.setAttribute('aria-busy', 'true');
    try {
      // The header makes Wagtail answer 403 instead of redirecting those who may not see this.
      const response = await fetch(url, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
      if (!response.ok) throw new Error(response.statusText);
      this.element.innerHTML = await response.text();
    } catch (error) {
      const sentence = document.createElement('p');
      sentence.textContent = this.failedValue;
      this.element.replaceChildren(sentence);
    }
    this.element.setAttribute('aria-busy', 'false');
  }
}

CustomersLazyTab.values = { url: String, failed: String };
window.wagtail.app.register('customers-lazy-tab', CustomersLazyTab);

/* Saving leads back to the tab that was open: a browser keeps the fragment of the address it posted to. */
document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-edit-form]') || !window.location.hash) return;
  const action = new URL(event.target.action, window.location);
  action.hash = window.location.hash;
  event.target.action = action.href;
});
