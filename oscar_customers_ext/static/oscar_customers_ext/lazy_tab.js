/* Fills a tab when it is first seen, so that opening a customer costs the same with one order and with a thousand. */
class CustomersLazyTab extends window.StimulusModule.Controller {
  connect() {
    this.observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        this.observer.disconnect();
        this.load();
      }
    });
    this.observer.observe(this.element);
  }

  disconnect() {
    this.observer.disconnect();
  }

  async load() {
    try {
      // The header makes Wagtail answer 403 instead of redirecting those who may not see this.
      const response = await fetch(this.urlValue, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
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
