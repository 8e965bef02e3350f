/* A file that is dropped anywhere on the page is chosen; without this script the field works as any other. */
class CustomersDrop extends window.StimulusModule.Controller {
  over(event) {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    this.zoneTarget.classList.add('customers-drop-over');
  }

  /* Out of the window, not only from one element into the next. */
  out({ relatedTarget }) {
    if (!relatedTarget) this.zoneTarget.classList.remove('customers-drop-over');
  }

  drop(event) {
    const { files } = event.dataTransfer;
    if (!files.length) return;
    event.preventDefault();
    this.zoneTarget.classList.remove('customers-drop-over');
    if (files.length > 1) {
      this.statusTarget.textContent = this.manyValue;
      return;
    }
    this.inputTarget.files = files;
    this.chosen();
  }

  /* Nothing else is asked on this page. */
  chosen() {
    if (!this.inputTarget.files.length || this.buttonTarget.disabled) return;
    this.statusTarget.textContent = this.busyValue;
    this.buttonTarget.disabled = true;
    this.element.submit();
  }
}

CustomersDrop.targets = ['zone', 'input', 'status', 'button'];
CustomersDrop.values = { busy: String, many: String };
window.wagtail.app.register('customers-drop', CustomersDrop);

/* Works on the import piece by piece, and shows how far it is. Any number of tabs may do so at once. */
class CustomersImport extends window.StimulusModule.Controller {
  connect() {
    this.started = null;
    this.spokenAt = 0;
    this.before = -1;
    this.schedule(0);
  }

  disconnect() {
    window.clearTimeout(this.timer);
  }

  schedule(milliseconds) {
    this.timer = window.setTimeout(() => this.work(), milliseconds);
  }

  async work() {
    try {
      const response = await fetch(this.urlValue, {
        method: 'POST',
        headers: {
          'X-Requested-With': 'XMLHttpRequest',
          [window.wagtailConfig.CSRF_HEADER_NAME]: window.wagtailConfig.CSRF_TOKEN,
        },
      });
      // Signed out, say, or no longer allowed: the page itself says which.
      if (response.status === 403 || response.status === 404 || response.redirected) {
        window.location.assign(this.pageValue);
        return;
      }
      if (!response.ok) throw new Error(response.statusText);
      const progress = await response.json();
      this.troubleTarget.textContent = '';
      this.show(progress);
      if (!progress.working) {
        window.location.replace(this.pageValue);
        return;
      }
      // No step ahead means that somebody else is working on it.
      this.schedule(progress.sentence === this.before ? 1000 : 0);
      this.before = progress.sentence;
    } catch (error) {
      this.troubleTarget.textContent = this.retryValue;
      this.schedule(5000);
    }
  }

  show({ percent, sentence }) {
    this.barTarget.value = percent;
    this.percentTarget.textContent = `${percent} %`;
    this.sentenceTarget.textContent = sentence;
    const now = Date.now();
    if (!this.started) this.started = { now, percent };
    const done = percent - this.started.percent;
    if (done >= 2 && percent < 100) {
      const seconds = ((now - this.started.now) / done / 1000) * (100 - percent);
      this.leftTarget.textContent = `· ${this.leftValue.replace('{time}', this.duration(seconds))}`;
    }
    // As often as somebody who listens to it can bear.
    if (now - this.spokenAt > 10000) {
      this.spokenAt = now;
      this.spokenTarget.textContent = `${percent} % · ${sentence}`;
    }
  }

  duration(seconds) {
    let [number, unit] = [Math.max(1, Math.round(seconds)), 'second'];
    if (seconds >= 90) [number, unit] = [Math.round(seconds / 60), 'minute'];
    if (seconds >= 2 * 3600) [number, unit] = [Math.round(seconds / 3600), 'hour'];
    return new Intl.NumberFormat(this.languageValue, { style: 'unit', unit, unitDisplay: 'long' }).format(number);
  }
}

CustomersImport.targets = ['bar', 'percent', 'sentence', 'left', 'spoken', 'trouble'];
CustomersImport.values = { url: String, page: String, left: String, retry: String, language: String };
window.wagtail.app.register('customers-import', CustomersImport);
