/* Choosing a colour takes the tick of "no colour" away. */
class CustomersColour extends window.StimulusModule.Controller {
  choose() {
    this.noneTarget.checked = false;
  }
}

CustomersColour.targets = ['none'];
window.wagtail.app.register('customers-colour', CustomersColour);
