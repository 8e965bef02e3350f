/* Shows a field only where what was chosen needs it. Without this script all of them are there. */
(() => {
  const NEEDED_BY = { product_range: ['scope', 'range'], times: ['usage', 'times'] };

  const wrapperOf = (name) => document.getElementById(`id_${name}`)?.closest('.w-field__wrapper');

  const update = () => {
    Object.entries(NEEDED_BY).forEach(([name, [chooser, value]]) => {
      const chosen = document.querySelector(`input[name="${chooser}"]:checked`);
      const wrapper = wrapperOf(name);
      if (chosen && wrapper) wrapper.hidden = chosen.value !== value;
    });
  };

  document.addEventListener('change', update);
  document.addEventListener('DOMContentLoaded', update);
})();
